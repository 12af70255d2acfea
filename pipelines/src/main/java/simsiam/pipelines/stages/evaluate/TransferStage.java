package simsiam.pipelines.stages.evaluate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import simsiam.eval.features.FeatureSet;
import simsiam.eval.transfer.TransferEvaluation;
import simsiam.eval.transfer.TransferResult;
import simsiam.eval.transfer.TransferResult.SetResult;
import simsiam.model.config.InvalidConfigException;
import simsiam.model.config.Violation;
import simsiam.model.data.Manifest;
import simsiam.model.engine.Engine;
import simsiam.model.engine.TrainingNet;
import simsiam.model.load.ImageSet;
import simsiam.model.train.Checkpoint;
import simsiam.pipelines.config.DatasetSpec;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.config.TransferSet;
import simsiam.pipelines.result.Measure;
import simsiam.pipelines.result.ResultTable;
import simsiam.pipelines.result.StageReport;
import simsiam.pipelines.result.StageReport.Group;
import simsiam.pipelines.source.ImageSource;
import simsiam.pipelines.source.listing.SourceListing;
import simsiam.pipelines.source.sets.DatasetDownload;
import simsiam.pipelines.source.sets.ImageSources;
import simsiam.pipelines.stage.Console;
import simsiam.pipelines.stage.Fingerprint;
import simsiam.pipelines.stage.PipelineContext;
import simsiam.pipelines.stage.Progress;
import simsiam.pipelines.stage.Stage;
import simsiam.pipelines.stage.StageContext;
import simsiam.pipelines.stage.StageResult;
import simsiam.pipelines.stages.data.DownloadBar;
import simsiam.pipelines.stages.data.PreprocessStage;
import simsiam.pipelines.stages.data.SourceLook;
import simsiam.pipelines.stages.data.SplitImages;
import simsiam.pipelines.stages.evaluate.FeatureStore.Encoder;
import simsiam.pipelines.stages.pretrain.EncoderModel;
import simsiam.pipelines.stages.pretrain.Encoding;
import simsiam.pipelines.stages.pretrain.PretrainStage;

/** The trained encoder and the untrained one on other data sets than the one trained on. */
public final class TransferStage implements Stage {
  private static final String KEY = "transfer";

  @Override
  public String name() {
    return "transfer";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public boolean enabled(RunConfig config) {
    return !config.transfer().isEmpty();
  }

  @Override
  public String enabledBy() {
    return KEY;
  }

  @Override
  public List<String> upstream() {
    return List.of("pretrain");
  }

  @Override
  public List<String> configKeys() {
    return List.of(
        KEY, "preprocess", "shard", "knn.k", "knn.temperature", "probe", "svm.c", "seed");
  }

  @Override
  public Optional<String> sourceDigest(RunConfig config, PipelineContext context)
      throws IOException {
    return Optional.of(Fingerprint.of(digests(config, context)));
  }

  /** Of the content of each set, by its name. */
  private static Map<String, String> digests(RunConfig config, PipelineContext context)
      throws IOException {
    Map<String, String> digests = new TreeMap<>();
    for (TransferSet set : config.transfer()) {
      SourceLook look = TransferShards.look(set, context, config);
      digests.put(set.name(), look.contents(look.open()).digest());
    }
    return digests;
  }

  private static ImageSource source(TransferSet set, RunConfig config) {
    return ImageSources.open(set.dataset(), PreprocessStage.datasets(config));
  }

  @Override
  public void prepare(RunConfig config, Console console) throws IOException {
    for (TransferSet set : config.transfer()) {
      DatasetSpec dataset = set.dataset();
      if (DatasetDownload.needed(dataset, PreprocessStage.datasets(config))) {
        try (DownloadBar bar = new DownloadBar(name(), console)) {
          DatasetDownload.run(dataset, PreprocessStage.datasets(config), bar);
        }
      }
    }
  }

  @Override
  public List<Violation> check(RunConfig config, Set<String> selected) {
    List<Violation> violations = new ArrayList<>();
    for (int i = 0; i < config.transfer().size(); i++) {
      String key = KEY + "[" + i + "]";
      TransferSet set = config.transfer().get(i);
      if (DatasetDownload.needed(set.dataset(), PreprocessStage.datasets(config))) {
        violations.add(
            new Violation(
                key + ".path",
                set.path(),
                "the files of %s, which are not downloaded yet (run downloads them to %s)"
                    .formatted(
                        set.name(),
                        DatasetDownload.place(set.dataset(), PreprocessStage.datasets(config)))));
        continue;
      }
      try {
        ImageSource source = source(set, config);
        source.check();
        SourceListing listing = source.listing();
        if (listing.classNames().size() < 2 && !set.dataset().multiLabel()) {
          violations.add(
              new Violation(
                  key + ".path",
                  "%s (%s)".formatted(listing.classNames(), set.path()),
                  "images of at least two classes"));
        }
      } catch (InvalidConfigException e) {
        for (Violation found : e.violations()) {
          violations.add(
              new Violation(
                  found.key().replaceFirst("^dataset", key), found.value(), found.expected()));
        }
      }
    }
    return violations;
  }

  @Override
  public StageReport run(StageContext context) throws IOException, InterruptedException {
    RunConfig config = context.config();
    Map<String, String> digests = digests(config, context);
    if (!Fingerprint.of(digests).equals(context.sourceDigest())) {
      throw new IllegalStateException(
          "Cannot use the data sets of transfer: expected them as they were when the run was"
              + " planned, got other content; the next run plans anew");
    }
    context.tracking().uses("pretrain", EncoderModel.NAME);
    Checkpoint checkpoint = PretrainStage.lastCheckpoint(context.upstream("pretrain"));
    Engine engine = EvaluationEngine.of(config);
    TransferEvaluation evaluation =
        new TransferEvaluation(
            config.knn(), config.probe(), config.svm(), engine.linearAlgebra(), config.seed());
    Map<Encoder, List<SetResult>> found = new EnumMap<>(Encoder.class);
    for (TransferSet set : config.transfer()) {
      Path shards = new TransferShards(context).of(set, digests.get(set.name()));
      Job job = new Job(context, engine, checkpoint, set.name(), shards);
      try (Progress progress = context.progress("images of " + set.name(), job.images())) {
        for (Encoder encoder : Encoder.values()) {
          found
              .computeIfAbsent(encoder, e -> new ArrayList<>())
              .add(job.evaluate(encoder, evaluation, progress));
        }
      }
    }
    Evaluated<TransferResult> both =
        new Evaluated<>(
            new TransferResult(found.get(Encoder.TRAINED)),
            new TransferResult(found.get(Encoder.RANDOM)));
    both.write(context.output());
    return report(both);
  }

  @Override
  public StageReport reportOf(Path output, StageResult recorded) throws IOException {
    return Evaluated.read(output, TransferResult.class)
        .map(TransferStage::report)
        .orElseGet(() -> StageReport.of(Group.EVAL, recorded.headline()));
  }

  /** The work on one set: its images, and each encoder on them. */
  private static final class Job {
    private final Engine engine;
    private final Checkpoint checkpoint;
    private final String name;
    private final Manifest manifest;
    private final ImageSet train;
    private final ImageSet test;
    private int done;

    Job(StageContext context, Engine engine, Checkpoint checkpoint, String name, Path shards) {
      this.engine = engine;
      this.checkpoint = checkpoint;
      this.name = name;
      manifest = Manifest.read(shards);
      if (!manifest.splits().containsKey(SplitImages.TEST)) {
        throw new IllegalStateException(
            "Cannot evaluate on %s: expected images to test on, got none (%s); shard.validation_fraction holds some out"
                .formatted(name, shards));
      }
      train = SplitImages.read(shards, manifest, SplitImages.TRAIN);
      test = SplitImages.read(shards, manifest, SplitImages.TEST);
      context.tracking().tag("dataset.digest." + name, manifest.sourceFingerprint());
    }

    long images() {
      return 2L * ((long) train.size() + test.size());
    }

    SetResult evaluate(Encoder encoder, TransferEvaluation evaluation, Progress progress) {
      FeatureSet trains;
      FeatureSet tests;
      try (TrainingNet net =
          engine.create(checkpoint.state().network(), encoder.weights(checkpoint))) {
        Encoding encoding = new Encoding(checkpoint.state().augment(), manifest.labelSpace());
        trains = encoding.features(net, train, n -> progress.update(done + (long) n));
        done += train.size();
        tests = encoding.features(net, test, n -> progress.update(done + (long) n));
        done += test.size();
      }
      return evaluation.run(name, trains, tests);
    }
  }

  private static StageReport report(Evaluated<TransferResult> found) {
    List<SetResult> trained = found.trained().sets();
    List<SetResult> random = found.random().sets();
    List<String> words = new ArrayList<>();
    List<Measure> measures = new ArrayList<>();
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < trained.size(); i++) {
      SetResult set = trained.get(i);
      SetResult other = random.get(i);
      words.add(
          set.multiLabel()
              ? String.format(Locale.ROOT, "%s %.2f %% (SVM mAP)", set.name(), set.svmMap())
              : String.format(Locale.ROOT, "%s %.2f %%", set.name(), set.probeTop1()));
      measures.addAll(measures("", "", set));
      measures("random_encoder_", "random encoder's ", other)
          .forEach(measure -> measures.add(measure.asBaseline()));
      rows.add(row(set, other));
    }
    return StageReport.of(Group.EVAL, "probe top-1: " + String.join(", ", words))
        .measures(measures.toArray(Measure[]::new))
        .measures(unsolved(trained, random))
        .tables(
            new ResultTable(
                "transfer",
                "Other data sets: the encoder trained on this run's images, its test accuracy (%)"
                    + several(trained),
                List.of(
                    "set",
                    "classes",
                    "train images",
                    "test images",
                    "kNN top-1",
                    "random encoder's kNN",
                    "probe top-1",
                    "random encoder's probe",
                    "SVM mAP",
                    "random encoder's SVM"),
                rows));
  }

  /** Why some cells are empty. */
  private static String several(List<SetResult> sets) {
    List<String> names = sets.stream().filter(SetResult::multiLabel).map(SetResult::name).toList();
    return names.isEmpty()
        ? ""
        : "; images of %s may show several classes, which SVMs alone evaluate"
            .formatted(String.join(", ", names));
  }

  private static List<Measure> measures(String prefix, String label, SetResult set) {
    String key = prefix + "transfer_" + set.name();
    String name = label + set.name();
    String note =
        String.format(Locale.ROOT, "%,d train images, %,d test images", set.train(), set.test());
    List<Measure> measures = new ArrayList<>();
    if (!set.multiLabel()) {
      measures.add(
          Measure.accuracy(key + "_probe_top1", name + " probe top-1", set.probeTop1())
              .note(note + ", C = " + set.c()));
      measures.add(
          Measure.accuracy(key + "_knn_top1", name + " kNN top-1", set.knnTop1())
              .note(note + ", k = " + set.k()));
    }
    if (set.svmMap() >= 0) {
      measures.add(Measure.accuracy(key + "_svm_map", name + " SVM mAP", set.svmMap()).note(note));
    }
    return measures;
  }

  private static Measure[] unsolved(List<SetResult> trained, List<SetResult> random) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < trained.size(); i++) {
      if (!trained.get(i).converged() || !random.get(i).converged()) {
        names.add(trained.get(i).name());
      }
    }
    return names.isEmpty()
        ? new Measure[0]
        : new Measure[] {
          Measure.trouble("transfer_unconverged", "probes of other sets not converged", true)
              .note(
                  "on %s; raise probe.max_iterations or probe.tolerance"
                      .formatted(String.join(", ", names)))
        };
  }

  private static List<String> row(SetResult set, SetResult other) {
    return List.of(
        set.name(),
        String.valueOf(set.classes()),
        String.valueOf(set.train()),
        String.valueOf(set.test()),
        percent(set.knnTop1()),
        percent(other.knnTop1()),
        percent(set.probeTop1()),
        percent(other.probeTop1()),
        percent(set.svmMap()),
        percent(other.svmMap()));
  }

  private static String percent(double value) {
    return value < 0 ? "" : String.format(Locale.ROOT, "%.2f", value);
  }
}
