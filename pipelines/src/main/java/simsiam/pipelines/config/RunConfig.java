package simsiam.pipelines.config;

import java.util.List;
import java.util.Locale;
import simsiam.eval.fewshot.FewShotSpec;
import simsiam.eval.knn.KnnSpec;
import simsiam.eval.layers.LayersSpec;
import simsiam.eval.linear.AugmentedLinearSpec;
import simsiam.eval.linear.LinearSpec;
import simsiam.eval.probe.ProbeSpec;
import simsiam.eval.svm.SvmSpec;
import simsiam.model.augment.AugmentSpec;
import simsiam.model.augment.ViewDevice;
import simsiam.model.config.Checks;
import simsiam.model.config.Execution;
import simsiam.model.config.Neutral;
import simsiam.model.engine.Precision;
import simsiam.model.net.EncoderSpec;
import simsiam.model.net.NetworkSpec;
import simsiam.model.net.ObjectiveSpec;
import simsiam.model.net.PredictorSpec;
import simsiam.model.net.ProjectorSpec;
import simsiam.model.net.Targets;
import simsiam.model.train.spec.DeviceCache;
import simsiam.model.train.spec.EngineChoice;
import simsiam.model.train.spec.TrainSpec;
import simsiam.pipelines.remote.Places;

/**
 * The whole configuration of a run: one section for each part, bound from YAML.
 *
 * @param name of the run, in listings and in MLflow
 * @param seed root of every random choice
 * @param workspace folder that keeps stages and invocations
 * @param transfer other data sets that the encoder is evaluated on
 */
public record RunConfig(
    @Execution String name,
    long seed,
    @Execution String workspace,
    DatasetSpec dataset,
    PreprocessSpec preprocess,
    ShardSpec shard,
    AugmentSpec augment,
    EncoderSpec encoder,
    ProjectorSpec projector,
    PredictorSpec predictor,
    ObjectiveSpec objective,
    TrainSpec train,
    FeaturesSpec features,
    KnnSpec knn,
    ProbeSpec probe,
    FewShotSpec fewShot,
    LinearSpec linear,
    AugmentedLinearSpec linearAugmented,
    FineTuningSpec finetune,
    SvmSpec svm,
    LayersSpec layers,
    @Neutral("[]") List<TransferSet> transfer,
    @Execution TrackingSpec tracking) {
  /** Far from any image's, and near enough for a float. */
  private static final double MAX_MEAN = 1000;

  private static final double MIN_STD = 1e-6;

  public RunConfig {
    transfer = List.copyOf(transfer);
    NetworkSpec trained = new NetworkSpec(encoder, projector, predictor, objective);
    new Checks()
        .require(
            "name", name, name.matches("[A-Za-z0-9._-]{1,100}"), "letters, digits, '.', '_', '-'")
        .require("workspace", workspace, !workspace.isBlank(), "a folder")
        .require(
            "workspace",
            workspace,
            Places.problem(workspace).isEmpty(),
            Places.problem(workspace).orElse(""))
        .require(
            "train.precision",
            train.precision().name().toLowerCase(Locale.ROOT),
            train.engine() != EngineChoice.ND4J
                || train.precision() == Precision.FP32
                || (train.precision() == Precision.BF16 && !train.device().isCuda()),
            "fp32, or bf16 on the CPU, of train.engine nd4j")
        .require(
            "train.precision",
            "tf32",
            !train.device().isCpu() || train.precision() != Precision.TF32,
            "fp32 or bf16 on train.device cpu")
        .require(
            "augment.device",
            "gpu",
            augment.device() != ViewDevice.GPU
                || (train.engine() != EngineChoice.ND4J && objective.targets() == Targets.LIVE),
            "cpu or auto where train.engine is nd4j or objective.targets is not live")
        .require(
            "train.device_cache",
            "always",
            train.deviceCache() != DeviceCache.ALWAYS
                || (augment.device() != ViewDevice.CPU && objective.targets() == Targets.LIVE),
            "auto or never where augment.device is cpu or objective.targets is not live")
        .require(
            "augment.mean",
            augment.mean(),
            augment.mean().stream().allMatch(mean -> Math.abs(mean) <= MAX_MEAN),
            "means of pixels in [0, 1]")
        .require(
            "augment.std",
            augment.std(),
            augment.std().stream().allMatch(std -> std >= MIN_STD),
            "deviations of pixels in [0, 1], each of at least " + MIN_STD)
        .require(
            "transfer",
            transfer.stream().map(TransferSet::name).toList(),
            transfer.stream().map(TransferSet::name).distinct().count() == transfer.size(),
            "sets of different names")
        .all(SeveralClasses.violations(dataset, fewShot, linearAugmented, finetune, layers))
        .all(SeveralClasses.violations(transfer, svm))
        .require(
            "linear_augmented.test_resize",
            linearAugmented.testResize(),
            linearAugmented.testResize() == 0 || linearAugmented.testResize() >= augment.cropSize(),
            "at least augment.crop_size (%s), or 0".formatted(augment.cropSize()))
        .all(ArraySizes.violations(trained))
        .all(ArraySizes.violations(train, trained, augment))
        .done();
  }

  /** What is trained on what, in a few words. */
  public String inWords() {
    return String.format(
        Locale.ROOT,
        "SimSiam pre-training of %s (width %d) on %s, %d epochs of batch %d, seed %d",
        encoder.arch().name().toLowerCase(Locale.ROOT),
        encoder.width(),
        dataset.source().name().toLowerCase(Locale.ROOT),
        train.epochs(),
        train.batchSize(),
        seed);
  }

  /** The same run under another name, in a workspace given by another path. */
  public RunConfig named(String newName, String newWorkspace) {
    return new RunConfig(
        newName,
        seed,
        newWorkspace,
        dataset,
        preprocess,
        shard,
        augment,
        encoder,
        projector,
        predictor,
        objective,
        train,
        features,
        knn,
        probe,
        fewShot,
        linear,
        linearAugmented,
        finetune,
        svm,
        layers,
        transfer,
        tracking);
  }

  public NetworkSpec network() {
    return new NetworkSpec(encoder, projector, predictor, objective);
  }
}
