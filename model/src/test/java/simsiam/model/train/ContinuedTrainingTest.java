package simsiam.model.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import simsiam.model.augment.AugmentSpec;
import simsiam.model.augment.BlurSpec;
import simsiam.model.augment.JitterSpec;
import simsiam.model.bench.SyntheticImages;
import simsiam.model.engine.Device;
import simsiam.model.engine.Precision;
import simsiam.model.engine.StepMetrics;
import simsiam.model.file.FileTree;
import simsiam.model.load.ImageSet;
import simsiam.model.net.Arch;
import simsiam.model.net.EncoderSpec;
import simsiam.model.net.NetworkSpec;
import simsiam.model.net.ObjectiveSpec;
import simsiam.model.net.PredictorKind;
import simsiam.model.net.PredictorSpec;
import simsiam.model.net.ProjectorSpec;
import simsiam.model.net.Similarity;
import simsiam.model.net.Stem;
import simsiam.model.net.Symmetry;
import simsiam.model.train.spec.DeviceCache;
import simsiam.model.train.spec.EngineChoice;
import simsiam.model.train.spec.PredictorLr;
import simsiam.model.train.spec.TrainSpec;

/** What an earlier attempt left, whole and damaged, and how training goes on from it. */
class ContinuedTrainingTest {
  private static final StepMetrics HEALTHY = new StepMetrics(-0.5, 0.25);
  private static final AugmentSpec AUGMENT =
      new AugmentSpec(
          8,
          List.of(0.2, 1.0),
          List.of(0.75, 1.3333),
          0.5,
          new JitterSpec(0.8, 0.4, 0.4, 0.4, 0.1),
          0.2,
          new BlurSpec(0, List.of(0.1, 2.0)),
          List.of(0.5, 0.5, 0.5),
          List.of(0.25, 0.25, 0.25));
  private static final ImageSet IMAGES = new SyntheticImages(22, 8);

  @TempDir Path temporary;
  private final List<TrainEvent> events = new ArrayList<>();
  private final FakeEngine engine = new FakeEngine(step -> HEALTHY);
  private Path folder;
  private Path aside;
  private Checkpoint whole;

  /** Fifteen steps in three epochs; the checkpoints of steps 10 and 15 are left. */
  @BeforeEach
  void train() {
    folder = temporary.resolve("work");
    aside = temporary.resolve("aside");
    whole = train(temporary.resolve("whole"), engine);
    train(folder, engine);
    events.clear();
    engine.steps = 0;
  }

  private Checkpoint train(Path output, FakeEngine on) {
    NetworkSpec network =
        new NetworkSpec(
            new EncoderSpec(Arch.RESNET10, Stem.CIFAR, 4, false),
            new ProjectorSpec(2, 16, true, true, true),
            new PredictorSpec(PredictorKind.MLP, 4, true, false),
            new ObjectiveSpec(Similarity.COSINE, true, Symmetry.SYMMETRIC));
    TrainSpec train =
        new TrainSpec(
            EngineChoice.AUTO,
            Device.AUTO,
            Precision.FP32,
            false,
            3,
            4,
            0.1,
            0,
            0.9,
            1e-4,
            PredictorLr.CONSTANT,
            1,
            0,
            false,
            1,
            List.of(),
            DeviceCache.AUTO);
    return new Pretrainer(
            on,
            new Pretrainer.Job(network, AUGMENT, train, 5),
            IMAGES,
            new Pretrainer.Folders(output, aside),
            net -> Map.of(),
            events::add,
            () -> false)
        .run();
  }

  private Path checkpoint(int step) {
    return folder.resolve("checkpoints/step-000000" + step);
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private void assertSameBytesAsWhole() throws IOException {
    for (int step : new int[] {10, 15}) {
      for (String file : List.of("weights.safetensors", "optimizer.safetensors")) {
        String name = "checkpoints/step-000000" + step + "/" + file;
        assertThat(folder.resolve(name))
            .hasSameBinaryContentAs(temporary.resolve("whole").resolve(name));
      }
    }
    assertThat(names(folder.resolve("checkpoints")))
        .containsExactly("step-00000010", "step-00000015");
    assertThat(folder.resolve("steps.csv"))
        .hasSameBinaryContentAs(temporary.resolve("whole/steps.csv"));
  }

  /** Ways in which a checkpoint is found damaged, with what is said of it. */
  enum Damage {
    EMPTY_STATE("state.json with the state of a training, got an empty file") {
      @Override
      void on(Path folder) throws IOException {
        Files.write(folder.resolve("state.json"), new byte[0]);
      }
    },
    NO_STATE("state.json, got no file") {
      @Override
      void on(Path folder) throws IOException {
        Files.delete(folder.resolve("state.json"));
      }
    },
    EMPTY_OBJECT("state.json with the state of a training, got one that lacks it") {
      @Override
      void on(Path folder) throws IOException {
        Files.writeString(folder.resolve("state.json"), "{}");
      }
    },
    NULL("state.json with the state of a training, got one that lacks it") {
      @Override
      void on(Path folder) throws IOException {
        Files.writeString(folder.resolve("state.json"), "null");
      }
    },
    EMPTY_PARTS("state.json with the state of a training, got other text") {
      @Override
      void on(Path folder) throws IOException {
        Files.writeString(folder.resolve("state.json"), "{\"state\":{},\"sha256\":{}}");
      }
    },
    CUT_STATE("state.json with the state of a training, got other text") {
      @Override
      void on(Path folder) throws IOException {
        byte[] bytes = Files.readAllBytes(folder.resolve("state.json"));
        Files.write(folder.resolve("state.json"), Arrays.copyOf(bytes, bytes.length / 2));
      }
    },
    BYTES("state.json with the state of a training, got other text") {
      @Override
      void on(Path folder) throws IOException {
        Files.write(folder.resolve("state.json"), new byte[] {0, (byte) 0xFF, 7});
      }
    },
    OTHER_NUMBER("state.json with SHA-256 [0-9a-f]{64} of its state, got [0-9a-f]{64}") {
      @Override
      void on(Path folder) throws IOException {
        Path state = folder.resolve("state.json");
        String text = Files.readString(state);
        assertThat(text).contains("\"seed\": 5");
        Files.writeString(state, text.replace("\"seed\": 5", "\"seed\": 4"));
      }
    },
    CUT_WEIGHTS("weights.safetensors with SHA-256 [0-9a-f]{64}, got [0-9a-f]{64}") {
      @Override
      void on(Path folder) throws IOException {
        byte[] bytes = Files.readAllBytes(folder.resolve("weights.safetensors"));
        Files.write(folder.resolve("weights.safetensors"), Arrays.copyOf(bytes, 20));
      }
    },
    OTHER_MOMENTUM("optimizer.safetensors with SHA-256 [0-9a-f]{64}, got [0-9a-f]{64}") {
      @Override
      void on(Path folder) throws IOException {
        byte[] bytes = Files.readAllBytes(folder.resolve("optimizer.safetensors"));
        bytes[bytes.length - 1] ^= 1;
        Files.write(folder.resolve("optimizer.safetensors"), bytes);
      }
    },
    NO_WEIGHTS("weights.safetensors with SHA-256 [0-9a-f]{64}, got no file") {
      @Override
      void on(Path folder) throws IOException {
        Files.delete(folder.resolve("weights.safetensors"));
      }
    };

    private final String problem;

    Damage(String problem) {
      this.problem = "expected " + problem;
    }

    abstract void on(Path folder) throws IOException;
  }

  @ParameterizedTest
  @EnumSource
  void aDamagedCheckpointIsSetAsideAndTheOneBeforeItIsContinued(Damage damage) throws IOException {
    damage.on(checkpoint(15));

    Checkpoint last = train(folder, engine);

    assertThat(engine.steps).isEqualTo(5);
    assertThat(last.state().history()).hasSize(3);
    assertSameBytesAsWhole();
    assertThat(events.get(0))
        .isInstanceOfSatisfying(
            TrainEvent.Damaged.class,
            found -> {
              assertThat(found.checkpoint()).isEqualTo(checkpoint(15));
              assertThat(found.problem()).matches(damage.problem);
              assertThat(found.keptAt()).isEqualTo(aside.resolve("step-00000015")).isDirectory();
            });
    assertThat(events.get(1)).isEqualTo(new TrainEvent.Resumed(checkpoint(10), 2, 10));
  }

  @Test
  void damageToTheOlderCheckpointCostsThatOneAlone() throws IOException {
    Damage.EMPTY_STATE.on(checkpoint(10));

    train(folder, engine);

    assertThat(engine.steps).isZero();
    assertThat(names(folder.resolve("checkpoints"))).containsExactly("step-00000015");
    assertThat(aside.resolve("step-00000010")).isDirectory();
  }

  @Test
  void withoutAnIntactCheckpointNothingIsTrainedAndNothingIsMoved() throws IOException {
    Damage.NO_STATE.on(checkpoint(10));
    Damage.EMPTY_OBJECT.on(checkpoint(15));

    String message =
        "Cannot continue training: expected an intact checkpoint, got none but damaged ones:"
            + " step-00000015: expected state.json with the state of a training, got one that"
            + " lacks it; step-00000010: expected state.json, got no file ("
            + folder.resolve("checkpoints")
            + ")";
    assertThatThrownBy(() -> train(folder, engine))
        .isInstanceOf(DamagedCheckpointException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> Checkpoint.requireIntact(folder.resolve("checkpoints")))
        .hasMessage(message);
    assertThat(engine.steps).isZero();
    assertThat(aside).doesNotExist();
    assertThat(names(folder.resolve("checkpoints")))
        .containsExactly("step-00000010", "step-00000015");
  }

  @Test
  void aReaderOfTheNewestIsToldOfTheIntactOneBeforeIt() throws IOException {
    Damage.NO_STATE.on(checkpoint(15));
    assertThatThrownBy(() -> Checkpoint.latest(folder.resolve("checkpoints")))
        .isInstanceOf(DamagedCheckpointException.class)
        .hasMessage(
            "Cannot read checkpoint: expected state.json, got no file (%s); the newest intact one is %s"
                .formatted(checkpoint(15), checkpoint(10)));

    Damage.NO_STATE.on(checkpoint(10));
    assertThatThrownBy(() -> Checkpoint.latest(folder.resolve("checkpoints")))
        .hasMessageEndingWith("; there is no intact one beside it");
  }

  @Test
  void whatKilledProcessesLeftHalfWrittenOrHalfRemovedIsTidiedAway() throws IOException {
    FileTree.delete(checkpoint(15));
    Files.createDirectories(folder.resolve("checkpoints/step-00000013.partial"));
    Files.createDirectories(folder.resolve("checkpoints/step-00000005.removed/x"));

    train(folder, engine);

    assertSameBytesAsWhole();
    assertThat(aside).doesNotExist();
    assertThat(events.get(0)).isEqualTo(new TrainEvent.Resumed(checkpoint(10), 2, 10));
  }

  @Test
  void aDamagedCheckpointDoesNotHideThatTheLossIsNotANumber() throws IOException {
    FileTree.delete(checkpoint(15));
    FakeEngine diverging =
        new FakeEngine(
            step -> {
              if (step == 2) {
                damage(Damage.EMPTY_STATE, checkpoint(10));
                return new StepMetrics(Double.NaN, 0);
              }
              return HEALTHY;
            });

    assertThatThrownBy(() -> train(folder, diverging))
        .isInstanceOf(TrainingFailedException.class)
        .hasMessage(
            "Cannot go on training: expected a finite loss, got NaN (epoch 3, step 13); the last"
                + " good checkpoint is "
                + checkpoint(10));
  }

  private static void damage(Damage damage, Path checkpoint) {
    try {
      damage.on(checkpoint);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aNetworkThatDoesNotTakeItsMomentumIsClosed() {
    engine.takesMomentum = false;

    assertThatThrownBy(() -> train(folder, engine)).hasMessage("no momentum");
    assertThat(engine.open).isZero();
  }

  @Test
  void rowsThatAreGoneAreToldAndTheRestIsKept() throws IOException {
    Files.writeString(folder.resolve("steps.csv"), "step,loss,output_std\n2,-0.5,0.25\n");

    train(folder, engine);

    assertThat(events)
        .contains(new TrainEvent.RowsLost(14, Optional.of(aside.resolve("steps.csv"))));
    assertThat(StepLog.read(folder.resolve("steps.csv"))).hasSize(1);
  }

  @Test
  void aCheckpointSaysWhatItWasTrainedOn() {
    assertThat(whole.state().engine()).isEqualTo("fake");
    assertThat(Checkpoint.read(whole.folder()).state().arithmetic())
        .containsExactly(new Arithmetic(0, "fake", Precision.FP32, 2, "fake engine of the tests"));
  }

  @Test
  void goingOnWithOtherThreadsIsToldAndKeptInTheHistory() {
    FileTree.delete(checkpoint(15));
    engine.threads = 1;

    Checkpoint last = train(folder, engine);

    Arithmetic before = new Arithmetic(0, "fake", Precision.FP32, 2, "fake engine of the tests");
    Arithmetic now = new Arithmetic(10, "fake", Precision.FP32, 1, "fake engine of the tests");
    assertThat(events).contains(new TrainEvent.Inexact(10, Optional.of(before), now));
    assertThat(last.state().arithmetic()).containsExactly(before, now);
  }

  @Test
  void goingOnAsBeforeSaysNothingOfIt() {
    FileTree.delete(checkpoint(15));
    Checkpoint last = train(folder, engine);
    assertThat(events).noneMatch(event -> event instanceof TrainEvent.Inexact);
    assertThat(last.state().arithmetic()).hasSize(1);
  }

  /** As versions wrote them that recorded neither threads nor a hash of the state. */
  @Test
  void anOldCheckpointIsContinuedWithAWord() throws IOException {
    FileTree.delete(checkpoint(15));
    Path state = checkpoint(10).resolve("state.json");
    String text = Files.readString(state);
    String old =
        text.replaceAll("(?s)\"arithmetic\": \\[.*?\\],\\s*", "")
            .replaceAll(",\\s*\"state_sha256\": \"[0-9a-f]{64}\"", "");
    assertThat(old).doesNotContain("arithmetic", "state_sha256").hasSizeLessThan(text.length());
    Files.writeString(state, old);
    Checkpoint last = train(folder, engine);

    Arithmetic now = new Arithmetic(10, "fake", Precision.FP32, 2, "fake engine of the tests");
    assertThat(events).contains(new TrainEvent.Inexact(10, Optional.empty(), now));
    assertThat(last.state().arithmetic()).containsExactly(now);
    assertThat(folder.resolve("checkpoints/step-00000015/weights.safetensors"))
        .hasSameBinaryContentAs(whole.folder().resolve("weights.safetensors"));
  }
}
