package simsiam.pipelines.stages.evaluate;

import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;
import simsiam.eval.fewshot.FewShot;
import simsiam.eval.fewshot.FewShotResult;
import simsiam.eval.fewshot.FewShotResult.Point;
import simsiam.model.data.Manifest;
import simsiam.model.engine.LinearAlgebra;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.result.Curve;
import simsiam.pipelines.result.Curve.Role;
import simsiam.pipelines.result.Measure;
import simsiam.pipelines.result.ResultTable;
import simsiam.pipelines.result.StageReport;
import simsiam.pipelines.result.StageReport.Group;
import simsiam.pipelines.stage.Progress;
import simsiam.pipelines.stage.StageContext;
import simsiam.pipelines.stages.data.SplitImages;
import simsiam.pipelines.stages.evaluate.FeatureStore.Encoder;

/** Probe and kNN by the number of labelled images, of the trained encoder and the untrained one. */
public final class FewShotStage extends FeatureEvaluation<FewShotResult> {
  public FewShotStage() {
    super(FewShotResult.class);
  }

  @Override
  public String name() {
    return "few_shot";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public boolean enabled(RunConfig config) {
    return config.fewShot().asked();
  }

  @Override
  public String enabledBy() {
    return "few_shot.shots";
  }

  @Override
  public List<String> configKeys() {
    return List.of("few_shot", "probe", "knn.k", "knn.temperature", "seed");
  }

  @Override
  Evaluated<FewShotResult> evaluate(StageContext context, Manifest manifest, FeatureStore store) {
    RunConfig config = context.config();
    LinearAlgebra algebra = EvaluationEngine.of(config).linearAlgebra();
    FewShot curve =
        new FewShot(config.fewShot(), config.probe(), config.knn(), algebra, config.seed());
    try (Progress progress = context.progress("fits", 2L * FewShot.steps(config.fewShot()))) {
      AtomicInteger done = new AtomicInteger();
      Function<Encoder, FewShotResult> measured =
          encoder ->
              curve.run(
                  store.read(encoder, SplitImages.TRAIN),
                  store.read(encoder, SplitImages.TEST),
                  () -> progress.update(done.incrementAndGet()));
      return new Evaluated<>(measured.apply(Encoder.TRAINED), measured.apply(Encoder.RANDOM));
    }
  }

  @Override
  StageReport report(Evaluated<FewShotResult> found, Path output) {
    List<Point> trained = found.trained().points();
    List<Point> random = found.random().points();
    StageReport report =
        StageReport.of(
            Group.EVAL,
            "probe top-1 with %s: %s %%, random encoder %s %%"
                .formatted(amounts(trained), means(trained), means(random)));
    for (int i = 0; i < trained.size(); i++) {
      report = report.measures(measures(trained.get(i), random.get(i)));
    }
    long unsolved =
        trained.stream().filter(p -> !p.converged()).count()
            + random.stream().filter(p -> !p.converged()).count();
    if (unsolved > 0) {
      report =
          report.measures(
              Measure.trouble("few_shot_unconverged", "few-shot probe not converged", true)
                  .note(
                      "for %s of %s points; raise probe.max_iterations or probe.tolerance"
                          .formatted(unsolved, 2 * trained.size())));
    }
    return report.tables(table(trained, random)).curves(curve(trained, random));
  }

  /** {@code 1, 5 images a class, 10 % of the labels}. */
  private static String amounts(List<Point> points) {
    String shots = joined(points, p -> p.shots() > 0, p -> String.valueOf(p.shots()));
    String shares = joined(points, p -> p.shots() == 0, FewShotStage::percent);
    return Stream.of(
            shots.equals("1") ? "1 image a class" : shots + " images a class",
            shares + " % of the labels")
        .filter(part -> !part.startsWith(" "))
        .collect(Collectors.joining(", "));
  }

  private static String joined(
      List<Point> points, Predicate<Point> which, Function<Point, String> text) {
    return points.stream().filter(which).map(text).collect(Collectors.joining(", "));
  }

  private static String means(List<Point> points) {
    return points.stream()
        .map(point -> String.format(Locale.ROOT, "%.1f", mean(point.probe())))
        .collect(Collectors.joining(", "));
  }

  private static Measure[] measures(Point trained, Point random) {
    String suffix =
        trained.shots() > 0
            ? trained.shots() + "_shot"
            : percent(trained).replace('.', '_') + "_percent";
    String amount = amount(trained);
    return new Measure[] {
      accuracy("few_shot_probe_top1_" + suffix, "probe top-1, " + amount, trained.probe())
          .note(spread(trained.probe()) + ", " + c(trained)),
      accuracy(
              "random_encoder_few_shot_probe_top1_" + suffix,
              "random encoder's probe top-1, " + amount,
              random.probe())
          .note(spread(random.probe()) + ", " + c(random))
          .asBaseline(),
      accuracy("few_shot_knn_top1_" + suffix, "kNN top-1, " + amount, trained.knn())
          .note(spread(trained.knn()) + ", k = " + trained.k()),
      accuracy(
              "random_encoder_few_shot_knn_top1_" + suffix,
              "random encoder's kNN top-1, " + amount,
              random.knn())
          .note(spread(random.knn()) + ", k = " + random.k())
          .asBaseline()
    };
  }

  private static Measure accuracy(String key, String label, List<Double> draws) {
    return Measure.accuracy(key, label, mean(draws));
  }

  private static String spread(List<Double> draws) {
    return String.format(
        Locale.ROOT, "± %.2f over %d draws of labelled images", deviation(draws), draws.size());
  }

  /** {@code 5 images a class} or {@code 1 % of the labels}. */
  private static String amount(Point point) {
    return point.shots() > 0
        ? point.shots() + (point.shots() == 1 ? " image a class" : " images a class")
        : percent(point) + " % of the labels";
  }

  private static String percent(Point point) {
    return percent(point.fraction());
  }

  /** A share in percent, without noise of binary fractions. */
  static String percent(double fraction) {
    return new BigDecimal(String.valueOf(100 * fraction))
        .round(new MathContext(6))
        .stripTrailingZeros()
        .toPlainString();
  }

  private static String c(Point point) {
    String values =
        point.c().stream()
            .distinct()
            .sorted()
            .map(String::valueOf)
            .collect(Collectors.joining(", "));
    return "C = " + values + (point.chosen() ? " (chosen on held-out images)" : "");
  }

  private static ResultTable table(List<Point> trained, List<Point> random) {
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < trained.size(); i++) {
      Point point = trained.get(i);
      rows.add(
          List.of(
              amount(point),
              String.valueOf(point.images()),
              text(point.probe()),
              text(random.get(i).probe()),
              text(point.knn()),
              text(random.get(i).knn()),
              c(point).replace("C = ", ""),
              String.valueOf(point.k())));
    }
    return new ResultTable(
        "few_shot",
        "Few labelled images: top-1 on the test split, mean ± standard deviation of %s draws (%%)"
            .formatted(trained.get(0).probe().size()),
        List.of(
            "labels",
            "images",
            "probe",
            "random encoder's probe",
            "kNN",
            "random encoder's kNN",
            "C",
            "k"),
        rows);
  }

  private static String text(List<Double> draws) {
    return String.format(Locale.ROOT, "%.2f ± %.2f", mean(draws), deviation(draws));
  }

  private static Curve curve(List<Point> trained, List<Point> random) {
    Curve curve =
        new Curve(
                "few_shot",
                "Accuracy by labelled images",
                "labelled images a class",
                "top-1 on the test split (%)")
            .withLogarithmicX();
    curve = with(curve, "probe", Role.MAIN, trained, Point::probe);
    curve = with(curve, "random encoder's probe", Role.BASELINE, random, Point::probe);
    curve = with(curve, "kNN", Role.SECOND, trained, Point::knn);
    return with(curve, "random encoder's kNN", Role.SECOND_BASELINE, random, Point::knn);
  }

  /** A line over all points by their number of images; of those with the same number the first. */
  private static Curve with(
      Curve curve,
      String label,
      Role role,
      List<Point> points,
      Function<Point, List<Double>> value) {
    List<Point> rising =
        points.stream()
            .collect(
                Collectors.toMap(Point::perClass, p -> p, (first, same) -> first, TreeMap::new))
            .values()
            .stream()
            .toList();
    return curve.line(
        label,
        role,
        rising.stream().map(Point::perClass).toList(),
        rising.stream().map(point -> mean(value.apply(point))).toList(),
        rising.stream().map(point -> deviation(value.apply(point))).toList());
  }

  private static double mean(List<Double> draws) {
    return statistics(draws).getMean();
  }

  /** With divisor n-1; 0 of one draw. */
  private static double deviation(List<Double> draws) {
    return statistics(draws).getStandardDeviation();
  }

  private static DescriptiveStatistics statistics(List<Double> draws) {
    return new DescriptiveStatistics(draws.stream().mapToDouble(Double::doubleValue).toArray());
  }
}
