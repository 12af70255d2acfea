package simsiam.pipelines.stages.evaluate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import simsiam.eval.EvalJson;
import simsiam.eval.features.FeatureSet;
import simsiam.eval.knn.KnnClassifier;
import simsiam.eval.knn.KnnGrid;
import simsiam.eval.knn.KnnResult;
import simsiam.eval.knn.KnnSpec;
import simsiam.eval.knn.Metric;
import simsiam.model.data.Manifest;
import simsiam.model.engine.LinearAlgebra;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.result.Curve;
import simsiam.pipelines.result.Measure;
import simsiam.pipelines.result.ResultTable;
import simsiam.pipelines.result.StageReport;
import simsiam.pipelines.result.StageReport.Group;
import simsiam.pipelines.stage.StageContext;
import simsiam.pipelines.stages.data.SplitImages;
import simsiam.pipelines.stages.evaluate.FeatureStore.Encoder;
import simsiam.pipelines.stages.pretrain.TrainingReport;

/** Weighted kNN accuracy of the trained encoder and of the untrained one. */
public final class KnnStage extends FeatureEvaluation<KnnResult> {
  private static final String GRID = "grid.json";

  public KnnStage() {
    super(KnnResult.class);
  }

  @Override
  public String name() {
    return "knn";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public boolean enabled(RunConfig config) {
    return !config.dataset().multiLabel();
  }

  @Override
  public String enabledBy() {
    return INSTEAD;
  }

  @Override
  public List<String> configKeys() {
    return List.of("knn");
  }

  @Override
  Evaluated<KnnResult> evaluate(StageContext context, Manifest manifest, FeatureStore store)
      throws IOException {
    LinearAlgebra algebra = EvaluationEngine.of(context.config()).linearAlgebra();
    Found trained = evaluate(context, algebra, store, Encoder.TRAINED);
    Found random = evaluate(context, algebra, store, Encoder.RANDOM);
    Optional<Grids> grids = trained.grid().flatMap(t -> random.grid().map(r -> new Grids(t, r)));
    if (grids.isPresent()) {
      EvalJson.write(grids.get(), context.output().resolve(GRID));
    }
    return new Evaluated<>(trained.result(), random.result());
  }

  private record Found(KnnResult result, Optional<KnnGrid.Result> grid) {}

  /** In a file of its own: outputs of earlier releases have none. */
  record Grids(KnnGrid.Result trained, KnnGrid.Result random) {}

  private static Found evaluate(
      StageContext context, LinearAlgebra algebra, FeatureStore store, Encoder encoder) {
    KnnSpec spec = context.config().knn();
    FeatureSet train = store.read(encoder, SplitImages.TRAIN);
    FeatureSet test = store.read(encoder, SplitImages.TEST);
    return new Found(
        new KnnClassifier(spec, algebra, train).evaluate(test),
        new KnnGrid(spec, algebra).run(train, test));
  }

  @Override
  StageReport report(Evaluated<KnnResult> found, Path output) throws IOException {
    Path file = output.resolve(GRID);
    Optional<Grids> grids =
        Files.exists(file) ? Optional.of(EvalJson.read(file, Grids.class)) : Optional.empty();
    KnnResult trained = found.trained();
    KnnResult random = found.random();
    double top1 = trained.report().top1();
    double untrained = random.report().top1();
    String note =
        String.format(
            Locale.ROOT,
            "k = %d, T = %s, bank of %,d images, %s",
            trained.k(),
            trained.temperature(),
            trained.bank(),
            ClassReport.tested(trained.report()));
    return StageReport.of(
            Group.EVAL,
            String.format(Locale.ROOT, "top-1 %.2f %%, random encoder %.2f %%", top1, untrained))
        .measures(
            Measure.accuracy("knn_top1", "kNN top-1", top1).note(note).asHeadline(),
            Measure.accuracy("random_encoder_knn_top1", "random encoder's kNN top-1", untrained)
                .note("the same encoder before training")
                .asHeadline()
                .asBaseline(),
            Measure.accuracy("knn_top5", "kNN top-5", trained.report().top5()).note(note),
            Measure.gain("knn_gain", "kNN gain over the random encoder", top1 - untrained)
                .note("kNN top-1"))
        .measures(grids.map(KnnStage::tuned).orElse(new Measure[0]))
        .tables(ClassReport.table("kNN", trained.report()))
        .tables(grids.map(KnnStage::grid).orElse(new ResultTable[0]))
        .curves(
            new Curve(TrainingReport.KNN_CURVE, "", "", "")
                .level(
                    String.format(Locale.ROOT, "random encoder: %.2f %%", untrained),
                    Curve.Role.BASELINE,
                    untrained))
        .matrices(ClassReport.confusion("knn", "kNN", trained.report()));
  }

  private static Measure[] tuned(Grids grids) {
    return new Measure[] {
      Measure.accuracy("knn_tuned_top1", "kNN top-1, k and T chosen", grids.trained().testTop1())
          .note(chosen(grids.trained())),
      Measure.accuracy(
              "random_encoder_knn_tuned_top1",
              "random encoder's kNN top-1, k and T chosen",
              grids.random().testTop1())
          .note(chosen(grids.random()))
          .asBaseline()
    };
  }

  private static String chosen(KnnGrid.Result grid) {
    return String.format(
        Locale.ROOT,
        "%s, k = %d, T = %s, chosen on %,d held-out train images",
        name(grid.best().metric()),
        grid.best().k(),
        grid.best().temperature(),
        grid.heldOut());
  }

  private static String name(Metric metric) {
    return metric.name().toLowerCase(Locale.ROOT);
  }

  /** A table a metric: a row for each k, a column for each T. */
  private static ResultTable[] grid(Grids grids) {
    List<KnnGrid.Cell> cells = grids.trained().cells();
    return Arrays.stream(Metric.values())
        .map(
            metric -> {
              Map<Integer, List<String>> rows = new TreeMap<>();
              Set<String> header = new LinkedHashSet<>(List.of("k"));
              for (KnnGrid.Cell cell : cells) {
                if (cell.metric() == metric) {
                  header.add("T = " + cell.temperature());
                  rows.computeIfAbsent(cell.k(), k -> new ArrayList<>(List.of(String.valueOf(k))))
                      .add(String.format(Locale.ROOT, "%.2f", cell.heldOutTop1()));
                }
              }
              return new ResultTable(
                  "knn_grid_" + name(metric),
                  "kNN by k and T, %s: top-1 on held-out train images (%%)".formatted(name(metric)),
                  List.copyOf(header),
                  List.copyOf(rows.values()));
            })
        .toArray(ResultTable[]::new);
  }
}
