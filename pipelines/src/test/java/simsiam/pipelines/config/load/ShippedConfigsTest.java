package simsiam.pipelines.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import simsiam.model.net.Arch;
import simsiam.model.net.Stem;
import simsiam.pipelines.config.RunConfig;

class ShippedConfigsTest {
  private static final Path CONF = Path.of("..", "conf");

  static Stream<Path> shipped() throws IOException {
    try (Stream<Path> files = Files.list(CONF)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList().stream();
    }
  }

  private static RunConfig load(String name) {
    return new ConfigLoader(Optional.empty()).load(CONF.resolve(name), List.of()).config();
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void loadsAndIsNamedAfterItsFile(Path file) {
    String name = file.getFileName().toString().replace(".yaml", "");

    RunConfig config = new ConfigLoader(Optional.empty()).load(file, List.of()).config();

    assertThat(config.name()).isEqualTo(name.equals("base") ? "simsiam" : name);
  }

  @Test
  void theDefaultsAreThePapersCifar10Recipe() {
    assertThat(ConfigValues.all(load("base.yaml")).toString().replaceAll(", (?=[a-z_.]+=)", "\n"))
        .isEqualTo(
            """
            {name=simsiam
            seed=1
            workspace=runs
            dataset.source=cifar10
            dataset.path=
            dataset.download=false
            dataset.limit=0
            preprocess.resize_shorter_side=0
            preprocess.pad_to=0
            preprocess.encoding=raw
            preprocess.max_reject_fraction=0.01
            shard.shards=0
            shard.row_group_mb=8
            shard.compression=none
            shard.validation_fraction=0.1
            shard.salt=simsiam
            shard.max_label_conflict_fraction=0.01
            augment.crop_size=32
            augment.crop_scale=[0.2, 1]
            augment.crop_ratio=[0.75, 1.3333333333333333]
            augment.flip=0.5
            augment.jitter.p=0.8
            augment.jitter.brightness=0.4
            augment.jitter.contrast=0.4
            augment.jitter.saturation=0.4
            augment.jitter.hue=0.1
            augment.grayscale_p=0.2
            augment.blur.p=0
            augment.blur.sigma=[0.1, 2]
            augment.mean=[]
            augment.std=[]
            augment.device=cpu
            augment.interpolation=bilinear
            encoder.arch=resnet18
            encoder.stem=cifar
            encoder.width=64
            encoder.zero_init_residual=true
            projector.layers=2
            projector.dim=2048
            projector.hidden_batch_norm=true
            projector.output_batch_norm=true
            projector.output_affine=true
            predictor.kind=mlp
            predictor.hidden=512
            predictor.hidden_batch_norm=true
            predictor.output_batch_norm=false
            objective.similarity=cosine
            objective.stop_gradient=true
            objective.symmetry=symmetric
            objective.targets=live
            objective.target_steps=1
            objective.target_momentum=0
            train.engine=auto
            train.device=auto
            train.precision=fp32
            train.deterministic=false
            train.epochs=800
            train.batch_size=512
            train.base_lr=0.03
            train.warmup_epochs=0
            train.momentum=0.9
            train.weight_decay=0.0005
            train.predictor_lr=constant
            train.checkpoint_every_epochs=10
            train.knn_every_epochs=10
            train.stop_on_collapse=false
            train.loader_threads=0
            train.monitors=[online_probe, rank_me, effective_rank, alpha_req, alignment, uniformity, spectrum]
            train.device_cache=auto
            features.precision=fp32
            knn.k=200
            knn.temperature=0.1
            knn.grid_k=[1, 5, 10, 20, 50, 100, 200]
            knn.grid_temperature=[0.02, 0.05, 0.1, 0.2, 0.5]
            probe.c=[0.0001, 0.001, 0.01, 0.1, 1, 10]
            probe.held_out=0.2
            probe.tolerance=0.00001
            probe.max_iterations=2000
            few_shot.shots=[]
            few_shot.fractions=[]
            few_shot.draws=5
            few_shot.c=1
            linear.epochs=90
            linear.batch_size=256
            linear.lr=30
            linear.standardize=false
            linear.optimizer=sgd
            linear_augmented.epochs=0
            linear_augmented.batch_size=256
            linear_augmented.optimizer=sgd
            linear_augmented.base_lr=30
            linear_augmented.crop_scale=[0.08, 1]
            linear_augmented.crop_ratio=[0.75, 1.3333333333333333]
            linear_augmented.flip=0.5
            linear_augmented.test_resize=0
            linear_augmented.interpolation=bilinear
            finetune.fractions=[]
            finetune.epochs=20
            finetune.batch_size=256
            finetune.encoder_lr=0.01
            finetune.head_lr=0.2
            finetune.weight_decay=0
            finetune.decay_epochs=[12, 16]
            finetune.decay_factor=0.2
            finetune.crop_scale=[0.08, 1]
            finetune.crop_ratio=[0.75, 1.3333333333333333]
            finetune.flip=0.5
            svm.c=[]
            svm.low_shot=[]
            svm.samples=5
            layers.max_dim=0
            layers.epochs=90
            layers.batch_size=256
            layers.lr=0.01
            layers.weight_decay=0.0001
            layers.milestones=[60, 80]
            transfer=[]
            tracking.mode=auto
            tracking.uri=managed
            tracking.experiment=simsiam
            tracking.register_model=
            tracking.model_alias=newest}\
            """);
  }

  @Test
  void cifar10IsTheDefaultRecipeUnderItsOwnName() {
    RunConfig base = load("base.yaml");

    assertThat(load("cifar10.yaml"))
        .usingRecursiveComparison()
        .ignoringFields("name")
        .isEqualTo(base);
  }

  @Test
  void theSmallCifarRunIsTheOneWhoseFiguresAreKnown() {
    RunConfig small = load("cifar10-small.yaml");

    assertThat(small.dataset().limit()).isEqualTo(10_000);
    assertThat(small.encoder().arch()).isEqualTo(Arch.RESNET10);
    assertThat(small.encoder().width()).isEqualTo(16);
    assertThat(small.projector().dim()).isEqualTo(256);
    assertThat(small.predictor().hidden()).isEqualTo(64);
    assertThat(small.train().epochs()).isEqualTo(12);
    assertThat(small.train().scaledLr()).isEqualTo(0.06);
  }

  @Test
  void theQuickstartReadsTheImagesBesideIt() throws IOException {
    Path folder = Path.of(load("quickstart.yaml").dataset().path());

    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "LICENSE",
              "t10k-images-idx3-ubyte.gz",
              "t10k-labels-idx1-ubyte.gz",
              "train-images-idx3-ubyte.gz",
              "train-labels-idx1-ubyte.gz");
    }
  }

  @Test
  void imagenetteHasTheImagenetStemAndLargerViews() {
    RunConfig imagenette = load("imagenette.yaml");

    assertThat(imagenette.encoder().stem()).isEqualTo(Stem.IMAGENET);
    assertThat(imagenette.augment().cropSize()).isEqualTo(128);
    assertThat(imagenette.augment().blur().p()).isEqualTo(0.5);
  }

  /** A newcomer is to know before he waits. */
  @Test
  void everyHeaderSaysWhatWasMeasuredOrThatNothingWas() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("..", "conf"))) {
      List<Path> configs =
          files
              .filter(file -> file.toString().endsWith(".yaml") && !file.endsWith("base.yaml"))
              .toList();
      assertThat(configs).hasSizeGreaterThan(6);
      for (Path config : configs) {
        String header =
            Files.readAllLines(config).stream()
                .takeWhile(line -> line.startsWith("#"))
                .collect(Collectors.joining(" "))
                .replaceAll("\\s+# ", " ");
        assertThat(header)
            .as(config.toString())
            .containsPattern("Measured on .* untrained|Not measured to its end");
      }
    }
  }
}
