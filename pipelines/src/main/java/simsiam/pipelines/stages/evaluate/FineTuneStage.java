package simsiam.pipelines.stages.evaluate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import simsiam.eval.features.FeatureSet;
import simsiam.eval.fewshot.LabelledDraw;
import simsiam.eval.finetune.FineTuning;
import simsiam.eval.finetune.FineTuningResult;
import simsiam.model.data.Manifest;
import simsiam.model.engine.Engine;
import simsiam.model.load.ImageSet;
import simsiam.model.load.ImageSubset;
import simsiam.model.train.Checkpoint;
import simsiam.model.train.EngineSelection;
import simsiam.model.train.FineTuner;
import simsiam.pipelines.config.FineTuningSpec;
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
import simsiam.pipelines.stages.pretrain.PretrainStage;

/**
 * Encoder and linear head trained together on shares of the labels, from the trained encoder and
 * from the untrained one. Each share of each encoder is a fit of its own, kept when it is done: an
 * interrupted stage goes on after the last of them.
 */
public final class FineTuneStage extends FeatureEvaluation<FineTuningResult.All> {
  public FineTuneStage() {
    super(FineTuningResult.All.class);
  }

  @Override
  public String name() {
    return "finetune";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public boolean enabled(RunConfig config) {
    return !config.finetune().fractions().isEmpty();
  }

  @Override
  public String enabledBy() {
    return "finetune.fractions";
  }

  /** The encoders, and of the features the labels. */
  @Override
  public List<String> upstream() {
    return List.of("shard", "pretrain", "features");
  }

  /** The engine is in what pretrain depends on. */
  @Override
  public List<String> configKeys() {
    return List.of("finetune", "seed");
  }

  @Override
  public boolean resumable() {
    return true;
  }

  @Override
  public void requireMachine(RunConfig config) {
    EngineSelection.of(config.train());
  }

  @Override
  Evaluated<FineTuningResult.All> evaluate(
      StageContext context, Manifest manifest, FeatureStore store) throws IOException {
    EngineSelection selection = EngineSelection.of(context.config().train());
    context.note(
        "Fine-tuning on %s: %s".formatted(selection.engine().describe(), selection.reason()));
    FineTuningSpec spec = context.config().finetune();
    List<Fit> fits = fits(context, manifest, store, selection.engine());
    FinishedFits finished = new FinishedFits(context.output());
    long total = 0;
    for (Fit fit : fits) {
      total += finished.has(fit.name()) ? 0 : fit.images(spec);
    }
    List<FineTuningResult> trained = new ArrayList<>();
    List<FineTuningResult> random = new ArrayList<>();
    long done = 0;
    try (Progress progress = context.progress("images", total)) {
      for (Fit fit : fits) {
        boolean there = finished.has(fit.name());
        long before = done;
        FineTuningResult result =
            finished.result(
                fit.name(), FineTuningResult.class, () -> fit.run(context, before, progress));
        done += there ? 0 : fit.images(spec);
        (fit.encoder() == Encoder.TRAINED ? trained : random).add(result);
      }
    }
    return new Evaluated<>(new FineTuningResult.All(trained), new FineTuningResult.All(random));
  }

  private static List<Fit> fits(
      StageContext context, Manifest manifest, FeatureStore store, Engine engine) {
    RunConfig config = context.config();
    Path shards = context.upstream("shard");
    FeatureSet features = store.read(Encoder.TRAINED, SplitImages.TRAIN);
    LabelledDraw draw = new LabelledDraw(features, config.seed(), 0);
    int[] labels = store.labels(SplitImages.TEST);
    int[] labelled =
        IntStream.range(0, labels.length)
            .filter(i -> labels[i] != FeatureSet.UNKNOWN_LABEL)
            .toArray();
    ImageSet train = SplitImages.read(shards, manifest, SplitImages.TRAIN);
    ImageSet test = new ImageSubset(SplitImages.read(shards, manifest, SplitImages.TEST), labelled);
    Checkpoint checkpoint = PretrainStage.lastCheckpoint(context.upstream("pretrain"));
    FineTuningSpec spec = config.finetune();
    FineTuner.Job job =
        new FineTuner.Job(
            checkpoint.state().network().encoder(),
            manifest.classNames().size(),
            checkpoint
                .state()
                .augment()
                .cropsAndFlips(spec.cropScale(), spec.cropRatio(), spec.flip()),
            spec.training(config.train().loaderThreads()),
            config.seed());
    FineTuning tuning = new FineTuning(engine, job, manifest.classNames());
    List<Fit> fits = new ArrayList<>();
    for (double fraction : spec.fractions()) {
      ImageSet part = new ImageSubset(train, draw.fraction(fraction));
      for (Encoder encoder : Encoder.values()) {
        fits.add(
            new Fit(
                encoder, fraction, checkpoint, tuning, part, test, labels.length - test.size()));
      }
    }
    return fits;
  }

  private record Fit(
      Encoder encoder,
      double fraction,
      Checkpoint checkpoint,
      FineTuning tuning,
      ImageSet train,
      ImageSet test,
      int unlabelled) {

    String name() {
      return encoder.name().toLowerCase(Locale.ROOT) + "-" + key(fraction);
    }

    /** That are trained and tested on in all epochs. */
    long images(FineTuningSpec spec) {
      return spec.epochs() * each();
    }

    private long each() {
      return (long) train.size() + test.size();
    }

    FineTuningResult run(StageContext context, long before, Progress progress) {
      return tuning.run(
          encoder.weights(checkpoint),
          train,
          fraction,
          test,
          unlabelled,
          epoch -> {
            progress.update(
                before + epoch.epoch() * each(),
                String.format(
                    Locale.ROOT,
                    "%s %% of the labels%s, epoch %d, top-1 %.2f %%",
                    percent(fraction),
                    encoder == Encoder.TRAINED ? "" : ", random encoder",
                    epoch.epoch(),
                    epoch.top1()));
            if (encoder == Encoder.TRAINED) {
              String prefix = "finetune/" + key(fraction) + "_percent/";
              context.tracking().metric(prefix + "loss", epoch.loss(), epoch.epoch());
              context.tracking().metric(prefix + "test_top1", epoch.top1(), epoch.epoch());
            }
          });
    }
  }

  private static String percent(double fraction) {
    return FewShotStage.percent(fraction);
  }

  private static String key(double fraction) {
    return percent(fraction).replace('.', '_');
  }

  @Override
  StageReport report(Evaluated<FineTuningResult.All> found, Path output) {
    List<FineTuningResult> trained = found.trained().fits();
    List<FineTuningResult> random = found.random().fits();
    StageReport report =
        StageReport.of(
            Group.EVAL,
            "top-1 with %s %% of the labels: %s %%, from the random encoder %s %%"
                .formatted(
                    joined(trained, fit -> percent(fit.fraction())),
                    joined(trained, FineTuneStage::top1),
                    joined(random, FineTuneStage::top1)));
    for (int i = 0; i < trained.size(); i++) {
      report = report.measures(measures(trained.get(i), random.get(i)));
    }
    return report.tables(table(trained, random)).curves(curves(trained, random));
  }

  private static String joined(
      List<FineTuningResult> fits, Function<FineTuningResult, String> text) {
    return fits.stream().map(text).collect(Collectors.joining(", "));
  }

  private static String top1(FineTuningResult fit) {
    return String.format(Locale.ROOT, "%.2f", fit.last().top1());
  }

  private static String top5(FineTuningResult fit) {
    return String.format(Locale.ROOT, "%.2f", fit.last().top5());
  }

  private static Measure[] measures(FineTuningResult trained, FineTuningResult random) {
    String suffix = key(trained.fraction()) + "_percent";
    String amount = ", " + percent(trained.fraction()) + " % of the labels";
    String note =
        String.format(
            Locale.ROOT,
            "encoder and head, %,d train images, %d epochs, %s",
            trained.images(),
            trained.history().size(),
            ClassReport.tested(trained.last()));
    return new Measure[] {
      Measure.accuracy(
              "finetune_top1_" + suffix, "fine-tuned top-1" + amount, trained.last().top1())
          .note(note),
      Measure.accuracy(
              "random_encoder_finetune_top1_" + suffix,
              "top-1 trained from the random encoder" + amount,
              random.last().top1())
          .note("the same training from the encoder before pre-training")
          .asBaseline(),
      Measure.accuracy(
              "finetune_top5_" + suffix, "fine-tuned top-5" + amount, trained.last().top5())
          .note(note)
    };
  }

  private static ResultTable table(List<FineTuningResult> trained, List<FineTuningResult> random) {
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < trained.size(); i++) {
      FineTuningResult fit = trained.get(i);
      rows.add(
          List.of(
              percent(fit.fraction()) + " %",
              String.valueOf(fit.images()),
              top1(fit),
              top1(random.get(i)),
              top5(fit),
              top5(random.get(i))));
    }
    return new ResultTable(
        "finetune",
        "Fine-tuning on a share of the labels: accuracy on the test split (%)",
        List.of(
            "labels",
            "images",
            "top-1",
            "from the random encoder",
            "top-5",
            "from the random encoder, top-5"),
        rows);
  }

  /** A picture a share. */
  private static Curve[] curves(List<FineTuningResult> trained, List<FineTuningResult> random) {
    return IntStream.range(0, trained.size())
        .mapToObj(
            i -> {
              FineTuningResult fit = trained.get(i);
              Curve curve =
                  new Curve(
                      "finetune_" + key(fit.fraction()) + "_percent",
                      "Fine-tuning, " + percent(fit.fraction()) + " % of the labels",
                      "epoch",
                      "top-1 on the test split (%)");
              return with(
                  with(curve, "from the random encoder", Role.BASELINE, random.get(i)),
                  "from this encoder",
                  Role.MAIN,
                  fit);
            })
        .toArray(Curve[]::new);
  }

  private static Curve with(Curve curve, String label, Role role, FineTuningResult fit) {
    return curve.line(
        label,
        role,
        fit.history().stream().map(epoch -> (double) epoch.epoch()).toList(),
        fit.history().stream().map(FineTuner.Epoch::top1).toList());
  }
}
