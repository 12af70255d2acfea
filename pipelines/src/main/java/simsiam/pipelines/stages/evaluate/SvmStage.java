package simsiam.pipelines.stages.evaluate;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.commons.math3.stat.StatUtils;
import simsiam.eval.svm.LowShot;
import simsiam.eval.svm.SvmClassifier;
import simsiam.eval.svm.SvmResult;
import simsiam.eval.svm.SvmResult.ClassSvm;
import simsiam.model.data.Manifest;
import simsiam.model.engine.LinearAlgebra;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.result.Measure;
import simsiam.pipelines.result.ResultTable;
import simsiam.pipelines.result.StageReport;
import simsiam.pipelines.result.StageReport.Group;
import simsiam.pipelines.stage.Progress;
import simsiam.pipelines.stage.StageContext;
import simsiam.pipelines.stages.data.SplitImages;
import simsiam.pipelines.stages.evaluate.FeatureStore.Encoder;

/** Linear SVMs, one a class, on features of the trained encoder and of the untrained one. */
public final class SvmStage extends FeatureEvaluation<SvmResult> {
  public SvmStage() {
    super(SvmResult.class);
  }

  @Override
  public String name() {
    return "svm";
  }

  @Override
  public int version() {
    return 2; // 2: low shots are drawn as few_shot draws them, and solved otherwise
  }

  @Override
  public boolean enabled(RunConfig config) {
    return config.svm().on();
  }

  @Override
  public String enabledBy() {
    return "svm.c";
  }

  @Override
  public List<String> configKeys() {
    return List.of("svm", "seed");
  }

  @Override
  Evaluated<SvmResult> evaluate(StageContext context, Manifest manifest, FeatureStore store) {
    RunConfig config = context.config();
    LinearAlgebra algebra = EvaluationEngine.of(config).linearAlgebra();
    SvmClassifier classifier = new SvmClassifier(config.svm(), algebra, config.seed());
    int parts = SvmClassifier.parts(config.svm(), manifest.classNames().size());
    try (Progress progress = context.progress("parts", 2L * parts)) {
      AtomicInteger done = new AtomicInteger();
      Runnable ended = () -> progress.update(done.incrementAndGet());
      return new Evaluated<>(
          evaluate(classifier, store, Encoder.TRAINED, ended),
          evaluate(classifier, store, Encoder.RANDOM, ended));
    }
  }

  private static SvmResult evaluate(
      SvmClassifier classifier, FeatureStore store, Encoder encoder, Runnable ended) {
    return classifier.run(
        store.read(encoder, SplitImages.TRAIN), store.read(encoder, SplitImages.TEST), ended);
  }

  @Override
  StageReport report(Evaluated<SvmResult> found, Path output) {
    SvmResult trained = found.trained();
    SvmResult random = found.random();
    double map = trained.meanAveragePrecision();
    double untrained = random.meanAveragePrecision();
    StageReport report =
        StageReport.of(
                Group.EVAL,
                String.format(Locale.ROOT, "mAP %.2f %%, random encoder %.2f %%", map, untrained))
            .measures(
                Measure.accuracy("svm_map", "SVM mean average precision", map)
                    .note(conditions(trained)),
                Measure.accuracy(
                        "random_encoder_svm_map",
                        "random encoder's SVM mean average precision",
                        untrained)
                    .note("the same encoder before training")
                    .asBaseline(),
                Measure.gain("svm_map_gain", "SVM gain over the random encoder", map - untrained)
                    .note("mean average precision"))
            .measures(accuracy(trained, random))
            .measures(atEdge(trained, random))
            .tables(classes(trained, random));
    if (!trained.tried().isEmpty()) {
      report = report.tables(tried(trained, random));
    }
    return trained.spec().lowShot().isEmpty() ? report : lowShot(report, found);
  }

  /** Of images with one class each. */
  private static Measure[] accuracy(SvmResult trained, SvmResult random) {
    return trained.report() == null
        ? new Measure[0]
        : new Measure[] {
          Measure.accuracy("svm_top1", "SVM top-1", trained.report().top1())
              .note("the class of the largest decision value"),
          Measure.accuracy(
                  "random_encoder_svm_top1", "random encoder's SVM top-1", random.report().top1())
              .asBaseline()
        };
  }

  private static String conditions(SvmResult result) {
    String chosen =
        result.tried().isEmpty()
            ? "the middle C tried, as no class has images to hold out"
            : "C of each class chosen by 3-fold cross-validation";
    return String.format(
        Locale.ROOT,
        "one SVM a class, %s, %,d train images%s",
        chosen,
        result.train(),
        result.report() == null ? "" : ", " + ClassReport.tested(result.report()));
  }

  /** Also where only the untrained encoder's is: a better one would make the gain smaller. */
  private static Measure[] atEdge(SvmResult trained, SvmResult random) {
    long edge = atEdge(trained);
    long others = atEdge(random);
    int classes = trained.classes().size();
    return 2 * Math.max(edge, others) <= classes
        ? new Measure[0]
        : new Measure[] {
          Measure.trouble("svm_c_at_edge", "SVM C at the edge of its grid", true)
              .note(
                  "for %s of %s classes, and %s for the random encoder: more values in svm.c may find better ones"
                      .formatted(edge, classes, others))
        };
  }

  /** Classes whose C is the smallest or the largest tried. */
  private static long atEdge(SvmResult result) {
    List<Double> c = result.spec().c();
    double least = c.get(0);
    double most = c.get(c.size() - 1);
    return c.size() == 1 || result.tried().isEmpty()
        ? 0
        : result.classes().stream().filter(one -> one.c() == least || one.c() == most).count();
  }

  private static ResultTable classes(SvmResult trained, SvmResult random) {
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < trained.classes().size(); i++) {
      ClassSvm one = trained.classes().get(i);
      ClassSvm other = random.classes().get(i);
      rows.add(
          List.of(
              one.name(),
              percent(one.averagePrecision()),
              String.valueOf(one.c()),
              percent(other.averagePrecision()),
              String.valueOf(other.c())));
    }
    return new ResultTable(
        "svm_classes",
        "SVM by class: average precision on the test split",
        List.of("class", "AP (%)", "C", "random encoder's AP (%)", "random encoder's C"),
        rows);
  }

  private static ResultTable tried(SvmResult trained, SvmResult random) {
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < trained.tried().size(); i++) {
      rows.add(
          List.of(
              String.valueOf(trained.spec().c().get(i)),
              percent(trained.tried().get(i)),
              percent(random.tried().get(i))));
    }
    return new ResultTable(
        "svm_c",
        "SVM by C, on held-out train images",
        List.of("C", "held-out mAP (%)", "random encoder's held-out mAP (%)"),
        rows);
  }

  private static StageReport lowShot(StageReport report, Evaluated<SvmResult> found) {
    List<List<String>> rows = new ArrayList<>();
    List<Measure> measures = new ArrayList<>();
    for (int i = 0; i < found.trained().lowShot().size(); i++) {
      LowShot trained = found.trained().lowShot().get(i);
      LowShot random = found.random().lowShot().get(i);
      double[] precision = array(trained.averagePrecision());
      String k = String.valueOf(trained.k());
      String amount = k + (trained.k() == 1 ? " image a class" : " images a class");
      rows.add(
          List.of(
              k,
              percent(StatUtils.mean(precision)),
              percent(StatUtils.min(precision)),
              percent(StatUtils.max(precision)),
              percent(deviation(precision)),
              trained.top1().isEmpty() ? "" : percent(StatUtils.mean(array(trained.top1()))),
              String.valueOf(trained.c()),
              percent(StatUtils.mean(array(random.averagePrecision()))),
              percent(deviation(array(random.averagePrecision())))));
      measures.add(
          Measure.accuracy(
                  "svm_map_" + k + "_shot", "SVM mAP, " + amount, StatUtils.mean(precision))
              .note(
                  String.format(
                      Locale.ROOT,
                      "± %.2f over %d draws; C = %s, chosen on the test split as the protocol has it",
                      deviation(precision),
                      precision.length,
                      trained.c())));
      measures.add(
          Measure.accuracy(
                  "random_encoder_svm_map_" + k + "_shot",
                  "random encoder's SVM mAP, " + amount,
                  StatUtils.mean(array(random.averagePrecision())))
              .asBaseline());
    }
    String left =
        rows.size() < found.trained().spec().lowShot().size()
            ? "; larger k than the smallest class has images are left out"
            : "";
    return report
        .measures(measures.toArray(Measure[]::new))
        .tables(
            new ResultTable(
                "svm_low_shot",
                "Low-shot SVM: mAP by images a class, %s draws, C chosen on the test split%s"
                    .formatted(found.trained().spec().samples(), left),
                List.of(
                    "images a class",
                    "mAP (%)",
                    "min",
                    "max",
                    "std",
                    "top-1 (%)",
                    "C",
                    "random encoder's mAP (%)",
                    "random encoder's std"),
                rows));
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** With divisor n, as the published scripts have it. */
  private static double deviation(double[] values) {
    return Math.sqrt(StatUtils.populationVariance(values));
  }

  private static String percent(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
