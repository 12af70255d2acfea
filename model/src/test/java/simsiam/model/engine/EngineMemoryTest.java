package simsiam.model.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import simsiam.model.bench.ResidentMemory;
import simsiam.model.net.Arch;
import simsiam.model.net.EncoderSpec;
import simsiam.model.net.NetworkLayout;
import simsiam.model.net.NetworkSpec;
import simsiam.model.net.ObjectiveSpec;
import simsiam.model.net.PredictorKind;
import simsiam.model.net.PredictorSpec;
import simsiam.model.net.ProjectorSpec;
import simsiam.model.net.Similarity;
import simsiam.model.net.Stem;
import simsiam.model.net.Symmetry;

/** How much of what a network makes of images is held at a time. */
class EngineMemoryTest {
  static final List<Engine> ENGINES = Engines.all();
  private static final int SIZE = 64;
  private static final long MIB = 1L << 20;

  /** Narrow and deep: what matters is the maps, of which it makes 22 MB an image. */
  private static final NetworkSpec SPEC =
      new NetworkSpec(
          new EncoderSpec(Arch.RESNET50, Stem.CIFAR, 8, false),
          new ProjectorSpec(2, 32, true, true, true),
          new PredictorSpec(PredictorKind.MLP, 16, true, false),
          new ObjectiveSpec(Similarity.COSINE, true, Symmetry.SYMMETRIC));

  /** 700 MB of maps, each at most 17 MB. */
  @ParameterizedTest
  @FieldSource("ENGINES")
  void encodesWithAFewMapsAtATime(Engine engine) {
    int count = 32;
    float[] images = Hashed.pixels(count, SIZE, 1);
    float[] features = new float[count * SPEC.encoder().featureDim()];
    try (TrainingNet net = engine.create(SPEC, NetworkLayout.of(SPEC).initialise(1))) {
      net.encode(images, 1, SIZE, features);
      ResidentMemory memory = ResidentMemory.start();
      net.encode(images, count, SIZE, features);

      assumeThat(memory.peakGrowth()).isPresent();
      assertThat(memory.peakGrowth().getAsLong()).isLessThan(150 * MIB);
    }
  }

  /**
   * 700 MB of maps for both views, of which the way back needs what convolutions and batch norms
   * read: 340 MB. ND4J's own convolution makes columns of its whole input beside them.
   */
  @ParameterizedTest
  @FieldSource("ENGINES")
  void trainsWithTheMapsThatTheWayBackNeeds(Engine engine) {
    int batch = 16;
    float[] views = Hashed.pixels(2 * batch, SIZE, 1);
    Rates rates = new Rates(0.05, 0.05, 0.9, 5e-4);
    try (TrainingNet net = engine.create(SPEC, NetworkLayout.of(SPEC).initialise(1))) {
      net.step(views, 2, SIZE, rates);
      ResidentMemory memory = ResidentMemory.start();
      net.step(views, batch, SIZE, rates);

      assumeThat(memory.peakGrowth()).isPresent();
      assertThat(memory.peakGrowth().getAsLong()).isLessThan(600 * MIB);
    }
  }
}
