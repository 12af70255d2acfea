package simsiam.pipelines.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import simsiam.eval.embed.Embedding;
import simsiam.eval.features.FeatureSet;
import simsiam.model.image.RgbImage;
import simsiam.pipelines.result.CountMatrix;
import simsiam.pipelines.result.Curve;
import simsiam.pipelines.result.Curve.Role;
import simsiam.pipelines.result.Fact;
import simsiam.pipelines.result.Measure;
import simsiam.pipelines.result.PictureFile;
import simsiam.pipelines.result.ResultTable;
import simsiam.pipelines.result.RunReport;
import simsiam.pipelines.result.StageReport;
import simsiam.pipelines.result.StageReport.Group;

/** A made-up run whose figures look like those of a small one. */
final class SampleRun {
  static final List<String> CLASSES =
      List.of(
          "T-shirt/top",
          "trouser",
          "pullover",
          "dress",
          "coat",
          "sandal",
          "shirt",
          "sneaker",
          "bag",
          "ankle boot");

  private static final int STEPS_AN_EPOCH = 39;

  private final Random random = new Random(1);
  private final String name;
  private final List<String> classes;
  private final int epochs;
  private final boolean collapsing;

  private SampleRun(String name, List<String> classes, int epochs, boolean collapsing) {
    this.name = name;
    this.classes = classes;
    this.epochs = epochs;
    this.collapsing = collapsing;
  }

  static RunReport healthy(String name, List<String> classes, int epochs, Path folder)
      throws IOException {
    return new SampleRun(name, classes, epochs, false).report(folder);
  }

  static RunReport collapsing(String name, int epochs, Path folder) throws IOException {
    return new SampleRun(name, CLASSES, epochs, true).report(folder);
  }

  private RunReport report(Path folder) throws IOException {
    double top1 = collapsing ? 59.3 : 67.5;
    return new RunReport(
        name,
        List.of(
            new RunReport.Output(folder, data()),
            new RunReport.Output(folder, training()),
            new RunReport.Output(folder, knn(top1)),
            new RunReport.Output(folder, linear(top1 + 12)),
            new RunReport.Output(folder, samples(folder))),
        "train:\n  epochs: " + epochs + "\n",
        "./simsiam run conf/quickstart.yaml");
  }

  private static StageReport data() {
    return StageReport.of(Group.DATA, "test 1,000, train 5,000")
        .facts(new Fact("images", "test 1,000, train 5,000"))
        .measures(Measure.count("train_images", "train images", 5000));
  }

  private StageReport training() {
    List<Double> x = new ArrayList<>();
    List<Double> losses = new ArrayList<>();
    List<Double> levels = new ArrayList<>();
    List<Double> knn = new ArrayList<>();
    List<Double> stepX = new ArrayList<>();
    List<Double> stepLosses = new ArrayList<>();
    for (int epoch = 1; epoch <= epochs; epoch++) {
      double sum = 0;
      for (int i = 1; i <= STEPS_AN_EPOCH; i++) {
        double t = epoch - 1 + (double) i / STEPS_AN_EPOCH;
        double loss = (collapsing ? -0.95 : -0.82) * (1 - Math.exp(-t / 1.7)) + noise(0.03);
        stepX.add(t);
        stepLosses.add(loss);
        sum += loss;
      }
      x.add((double) epoch);
      losses.add(sum / STEPS_AN_EPOCH);
      levels.add(collapsing ? 0.3 + 0.6 * Math.exp(-epoch / 2.0) : 0.98 - 0.03 * Math.exp(-epoch));
      knn.add(61 + (collapsing ? -2 : 6.5) * epoch / epochs + noise(0.4));
    }
    double last = losses.get(epochs - 1);
    double level = levels.get(epochs - 1);
    return StageReport.of(Group.FINAL, "loss " + last)
        .facts(new Fact("network", "resnet10, width 16, projector 256, predictor 64"))
        .measures(
            Measure.number("final_loss", "loss", last).asHeadline(),
            Measure.number("final_output_std", "output std", level / 16).asHeadline(),
            Measure.trouble("collapsed", "collapsed", level < 0.5)
                .note("collapse level " + (1 - level))
                .asHeadline())
        .curves(
            curve("loss", "negative cosine similarity")
                .line("each step", Role.BACKGROUND, stepX, stepLosses)
                .line("mean of the epoch", Role.MAIN, x, losses)
                .asHeadline(),
            curve("output_std", "std of z/|z| per channel, times √d")
                .line("mean of the epoch", Role.MAIN, x, levels)
                .level("healthy", Role.GOOD, 1)
                .level("collapsed below", Role.LIMIT, 0.5)
                .scaled(Curve.Scale.FROM_ZERO)
                .asHeadline(),
            curve("knn", "top-1 on the test split (%)")
                .line("this encoder", Role.MAIN, x, knn)
                .asHeadline());
  }

  private static Curve curve(String name, String label) {
    return new Curve(name, name, "epoch", label);
  }

  private StageReport knn(double top1) {
    return StageReport.of(Group.EVAL, "top-1 " + top1)
        .measures(
            Measure.accuracy("knn_top1", "kNN top-1", top1).note("k = 200").asHeadline(),
            Measure.accuracy("random_encoder_knn_top1", "kNN top-1, random encoder", 61)
                .asBaseline())
        .curves(curve("knn", "").level("random encoder: 61 %", Role.BASELINE, 61))
        .tables(perClass("kNN"))
        .matrices(confusion("knn"));
  }

  private StageReport linear(double top1) {
    List<Double> x = IntStream.rangeClosed(1, 90).mapToObj(i -> (double) i).toList();
    List<Double> losses = x.stream().map(e -> 0.6 + 60 * Math.exp(-e / 12)).toList();
    return StageReport.of(Group.EVAL, "top-1 " + top1)
        .measures(Measure.accuracy("linear_top1", "linear top-1", top1).asHeadline())
        .curves(
            curve("linear_loss", "cross-entropy (nats)")
                .line("this encoder", Role.MAIN, x, losses)
                .scaled(Curve.Scale.LOGARITHMIC))
        .tables(perClass("linear"))
        .matrices(confusion("linear"));
  }

  private ResultTable perClass(String classifier) {
    List<List<String>> rows = new ArrayList<>();
    classes.forEach(name -> rows.add(List.of(name, "100", "61.00")));
    List<String> header = List.of("class", "test images", classifier + " top-1 (%)");
    return new ResultTable("per_class", "Accuracy by class", header, rows);
  }

  private CountMatrix confusion(String name) {
    List<List<Integer>> counts = new ArrayList<>();
    for (int truth = 0; truth < classes.size(); truth++) {
      Integer[] row = new Integer[classes.size()];
      Arrays.fill(row, 3);
      row[truth] = 70;
      counts.add(List.of(row));
    }
    return new CountMatrix("confusion_" + name, "Confusion matrix: " + name, classes, counts);
  }

  private StageReport samples(Path folder) throws IOException {
    Files.write(
        folder.resolve("views.png"),
        Sheets.views(IntStream.range(0, 8).mapToObj(this::viewSample).toList()));
    Files.write(
        folder.resolve("neighbours.png"),
        Sheets.neighbours(
            IntStream.range(0, 6).mapToObj(this::neighbourSample).toList(), classes, "epoch 1"));
    Files.write(folder.resolve("embedding.png"), Sheets.embedding(embedding(), "epoch 1"));
    return StageReport.of(Group.DATA, "report.html")
        .pictures(
            new PictureFile("views.png", "views", "Sample views", ""),
            new PictureFile("neighbours.png", "neighbours", "Nearest neighbours", "The nearest."),
            new PictureFile("embedding.png", "embedding", "Embedding", "Points."));
  }

  private Embedding embedding() {
    int dim = 16;
    int n = 1000;
    float[] centres = new float[classes.size() * dim];
    for (int i = 0; i < centres.length; i++) {
      centres[i] = (float) random.nextGaussian();
    }
    float[] features = new float[n * dim];
    int[] labels = new int[n];
    for (int i = 0; i < n; i++) {
      labels[i] = i % classes.size();
      for (int j = 0; j < dim; j++) {
        features[i * dim + j] = (float) (centres[labels[i] * dim + j] + noise(0.6));
      }
    }
    List<String> ids = IntStream.range(0, n).mapToObj(i -> "test#" + i).toList();
    return Embedding.of(new FeatureSet(dim, features, labels, ids, classes), 2000);
  }

  private ViewSample viewSample(int i) {
    return new ViewSample(image(i, 32, 32), List.of(image(i + 3, 32, 32), image(i + 6, 32, 32)));
  }

  private NeighbourSample neighbourSample(int i) {
    int classCount = classes.size();
    List<NeighbourSample.Neighbour> neighbours =
        IntStream.range(0, 8)
            .mapToObj(
                r ->
                    new NeighbourSample.Neighbour(
                        image(i, 40, 30), (r == 5 ? i + 2 : i) % classCount, 0.99 - 0.013 * r))
            .toList();
    return new NeighbourSample(image(i, 32, 32), i % classCount, neighbours);
  }

  /** A coloured disc. */
  private static RgbImage image(int hue, int height, int width) {
    byte[] pixels = new byte[height * width * 3];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        boolean inside = Math.hypot(y - height / 2.0, x - width / 2.0) < 4 + hue;
        int at = (y * width + x) * 3;
        pixels[at] = (byte) (inside ? 40 * hue : 20);
        pixels[at + 1] = (byte) (inside ? 200 - 20 * hue : 6 * y);
        pixels[at + 2] = (byte) (inside ? 90 : 6 * x);
      }
    }
    return new RgbImage(height, width, pixels);
  }

  private double noise(double scale) {
    return scale * random.nextGaussian();
  }
}
