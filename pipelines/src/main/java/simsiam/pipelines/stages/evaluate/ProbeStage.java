package simsiam.pipelines.stages.evaluate;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import simsiam.eval.probe.LogisticProbe;
import simsiam.eval.probe.ProbeFit;
import simsiam.eval.probe.ProbeResult;
import simsiam.model.data.Manifest;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.result.Measure;
import simsiam.pipelines.result.ResultTable;
import simsiam.pipelines.result.StageReport;
import simsiam.pipelines.result.StageReport.Group;
import simsiam.pipelines.stage.Progress;
import simsiam.pipelines.stage.StageContext;
import simsiam.pipelines.stages.data.SplitImages;
import simsiam.pipelines.stages.evaluate.FeatureStore.Encoder;

/** Logistic regression, solved, on features of the trained encoder and of the untrained one. */
public final class ProbeStage extends FeatureEvaluation<ProbeResult> {
  public ProbeStage() {
    super(ProbeResult.class);
  }

  @Override
  public String name() {
    return "probe";
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
    return List.of("probe");
  }

  @Override
  Evaluated<ProbeResult> evaluate(StageContext context, Manifest manifest, FeatureStore store) {
    LogisticProbe probe =
        new LogisticProbe(
            context.config().probe(), EvaluationEngine.of(context.config()).linearAlgebra());
    try (Progress progress =
        context.progress("fits", 2L * LogisticProbe.fits(context.config().probe()))) {
      Fits fits = new Fits(progress);
      return new Evaluated<>(
          evaluate(probe, store, Encoder.TRAINED, fits),
          evaluate(probe, store, Encoder.RANDOM, fits));
    }
  }

  private static final class Fits {
    private final Progress progress;
    private int done;

    Fits(Progress progress) {
      this.progress = progress;
    }

    void ended(ProbeFit fit) {
      // The last fit of an encoder is to all train images, and has none held out.
      boolean last = fit.heldOutLoss() == fit.trainLoss();
      progress.update(
          ++done,
          String.format(
              Locale.ROOT,
              "C = %s, %s top-1 %.2f %%",
              fit.c(),
              last ? "train" : "held-out",
              fit.heldOutTop1()));
    }
  }

  private static ProbeResult evaluate(
      LogisticProbe probe, FeatureStore store, Encoder encoder, Fits fits) {
    return probe.run(
        store.open(encoder, SplitImages.TRAIN), store.open(encoder, SplitImages.TEST), fits::ended);
  }

  @Override
  StageReport report(Evaluated<ProbeResult> found, Path output) {
    ProbeResult trained = found.trained();
    ProbeResult random = found.random();
    double top1 = trained.report().top1();
    double untrained = random.report().top1();
    return StageReport.of(
            Group.EVAL,
            String.format(Locale.ROOT, "top-1 %.2f %%, random encoder %.2f %%", top1, untrained))
        .measures(
            Measure.accuracy("probe_top1", "probe top-1", top1)
                .note(conditions(trained))
                .asHeadline(),
            Measure.accuracy("random_encoder_probe_top1", "random encoder's probe top-1", untrained)
                .note("the same encoder before training; " + chosen(random))
                .asHeadline()
                .asBaseline(),
            Measure.gain("probe_gain", "probe gain over the random encoder", top1 - untrained)
                .note("probe top-1"),
            Measure.accuracy("probe_top5", "probe top-5", trained.report().top5())
                .note(ClassReport.tested(trained.report())),
            Measure.accuracy(
                "probe_train_top1", "probe top-1 on its train images", trained.fit().trainTop1()),
            Measure.number(
                    "probe_calibration_error",
                    "probe calibration error (%)",
                    trained.calibrationError())
                .note("expected calibration error on the test split, 15 bins")
                .better(Measure.Better.LOWER),
            Measure.number("probe_c", "probe C", trained.fit().c()).note(chosen(trained)),
            Measure.number("random_encoder_probe_c", "random encoder's probe C", random.fit().c())
                .note(chosen(random))
                .asBaseline(),
            Measure.count("probe_iterations", "probe iterations", trained.fit().iterations())
                .note(
                    String.format(
                        Locale.ROOT, "L-BFGS, largest gradient %.1e", trained.fit().gradient())))
        .measures(troubles(trained, random))
        .tables(ClassReport.table("probe", trained.report()), tried(trained, random))
        .matrices(ClassReport.confusion("probe", "probe", trained.report()));
  }

  private static String conditions(ProbeResult result) {
    return String.format(
        Locale.ROOT,
        "logistic regression on standardised features, %s, %,d train images, %s",
        chosen(result),
        result.train(),
        ClassReport.tested(result.report()));
  }

  private static String chosen(ProbeResult result) {
    String c = "C = " + result.fit().c();
    return result.heldOut() == 0
        ? c + ", the middle one tried, as no class has images to hold out"
        : String.format(
            Locale.ROOT, "%s, chosen on %,d held-out train images", c, result.heldOut());
  }

  /** What makes the figures doubtful, if anything does. */
  private static Measure[] troubles(ProbeResult trained, ProbeResult random) {
    List<Measure> troubles = new ArrayList<>();
    if (!trained.fit().converged() || !random.fit().converged()) {
      ProbeFit worse = trained.fit().converged() ? random.fit() : trained.fit();
      troubles.add(
          Measure.trouble("probe_unconverged", "probe not converged", true)
              .note(
                  String.format(
                      Locale.ROOT,
                      "after %d iterations the largest gradient is %.1e, above probe.tolerance;"
                          + " raise probe.max_iterations or probe.tolerance",
                      worse.iterations(),
                      worse.gradient()))
              .asHeadline());
    }
    if (trained.atEdge() || random.atEdge()) {
      troubles.add(
          Measure.trouble("probe_c_at_edge", "probe C at the edge of its grid", true)
              .note(
                  "C = %s for %s: more values in probe.c may find a better one"
                      .formatted(
                          trained.atEdge() ? trained.fit().c() : random.fit().c(),
                          trained.atEdge() ? "this encoder" : "the random encoder")));
    }
    return troubles.toArray(Measure[]::new);
  }

  private static ResultTable tried(ProbeResult trained, ProbeResult random) {
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < trained.tried().size(); i++) {
      ProbeFit fit = trained.tried().get(i);
      rows.add(
          List.of(
              String.valueOf(fit.c()),
              percent(fit.heldOutTop1()),
              percent(fit.trainTop1()),
              String.format(Locale.ROOT, "%.4f", fit.heldOutLoss()),
              String.valueOf(fit.iterations()),
              percent(random.tried().get(i).heldOutTop1())));
    }
    return new ResultTable(
        "probe_c",
        "Probe by C, on held-out train images",
        List.of(
            "C",
            "held-out top-1 (%)",
            "top-1 on images fitted (%)",
            "held-out loss (nats)",
            "iterations",
            "random encoder's held-out top-1 (%)"),
        rows);
  }

  private static String percent(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
