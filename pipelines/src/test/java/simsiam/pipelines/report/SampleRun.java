package simsiam.pipelines.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import simsiam.eval.EvalReport;
import simsiam.eval.Verdict;
import simsiam.eval.embed.Embedding;
import simsiam.eval.features.FeatureSet;
import simsiam.eval.knn.KnnResult;
import simsiam.eval.linear.LinearEpoch;
import simsiam.eval.linear.LinearResult;
import simsiam.eval.linear.LinearSpec;
import simsiam.model.image.RgbImage;
import simsiam.model.train.EpochRecord;
import simsiam.model.train.StepLog;

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
  private static final int DIM = 256;

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

  static ReportInput healthy(String name, List<String> classes, int epochs) {
    return new SampleRun(name, classes, epochs, false).input();
  }

  static ReportInput collapsing(String name, int epochs) {
    return new SampleRun(name, CLASSES, epochs, true).input();
  }

  private ReportInput input() {
    double top1 = collapsing ? 59.3 : 67.5;
    Evaluations evaluations =
        new Evaluations(
            Optional.of(new KnnResult(report(top1), 200, 0.1, 5000, 0)),
            Optional.of(new KnnResult(report(61), 200, 0.1, 5000, 0)),
            Optional.of(linear(top1 + 12)),
            Optional.of(linear(72)));
    return new ReportInput(
        name,
        List.of(
            new Fact("data set", "fashion_mnist, 5,000 train and 1,000 test images"),
            new Fact("network", "resnet10, width 16, projector 256, predictor 64"),
            new Fact("engine", "nd4j 1.0.0-M2.1, CPU, 2 threads"),
            new Fact("seed", "1")),
        classes,
        training(),
        evaluations,
        Optional.of(embedding()),
        IntStream.range(0, 8).mapToObj(this::viewSample).toList(),
        IntStream.range(0, 6).mapToObj(this::neighbourSample).toList(),
        "name: " + name + "\ntrain:\n  epochs: " + epochs + "\n",
        "./simsiam run conf/quickstart.yaml");
  }

  private Training training() {
    List<EpochRecord> history = new ArrayList<>();
    List<StepLog.Row> steps = new ArrayList<>();
    for (int epoch = 1; epoch <= epochs; epoch++) {
      double loss = 0;
      double std = 0;
      for (int i = 1; i <= STEPS_AN_EPOCH; i++) {
        long step = (epoch - 1L) * STEPS_AN_EPOCH + i;
        double t = (double) step / STEPS_AN_EPOCH;
        double stepLoss = (collapsing ? -0.95 : -0.82) * (1 - Math.exp(-t / 1.7)) + noise(0.03);
        double level = collapsing ? 0.3 + 0.6 * Math.exp(-t / 2) : 0.98 - 0.03 * Math.exp(-t);
        double stepStd = (level + noise(0.01)) / Math.sqrt(DIM);
        steps.add(new StepLog.Row(step, stepLoss, stepStd));
        loss += stepLoss / STEPS_AN_EPOCH;
        std += stepStd / STEPS_AN_EPOCH;
      }
      history.add(record(epoch, loss, std));
    }
    return new Training(history, steps, DIM, "negative cosine similarity");
  }

  private EpochRecord record(int epoch, double loss, double std) {
    boolean due = epoch % 2 == 0 || epoch == epochs;
    double knn = 61 + (collapsing ? -2 : 6.5) * epoch / epochs + noise(0.4);
    return new EpochRecord(
        epoch,
        (long) epoch * STEPS_AN_EPOCH,
        loss,
        std,
        1 - std * Math.sqrt(DIM),
        0.03 * (1 + Math.cos(Math.PI * epoch / epochs)),
        0.06,
        410 + noise(12),
        due ? Map.of("knn_top1", knn) : Map.of());
  }

  private EvalReport report(double top1) {
    List<Verdict> verdicts = new ArrayList<>();
    int n = 100 * classes.size();
    for (int i = 0; i < n; i++) {
      int truth = i % classes.size();
      boolean right = random.nextDouble() * 100 < top1;
      int guess = right ? truth : Math.floorMod(truth + 2 - 4 * random.nextInt(2), classes.size());
      verdicts.add(new Verdict(truth, guess, right || random.nextInt(10) > 0));
    }
    return EvalReport.of(verdicts, 0, classes);
  }

  private LinearResult linear(double top1) {
    List<LinearEpoch> curve = new ArrayList<>();
    for (int epoch = 1; epoch <= 90; epoch++) {
      double progress = 1 - Math.exp(-epoch / 15.0);
      curve.add(
          new LinearEpoch(
              epoch,
              15 * (1 + Math.cos(Math.PI * epoch / 90)),
              0.6 + 60 * Math.exp(-epoch / 12.0) * (1 + noise(0.2)),
              top1 - 15 + 15 * progress + noise(3 * (1 - epoch / 90.0)),
              99));
    }
    LinearSpec spec = new LinearSpec(90, 256, 30, false);
    return new LinearResult(spec, 1, 5000, 0, report(top1), report(top1 + 3), 36, curve);
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
