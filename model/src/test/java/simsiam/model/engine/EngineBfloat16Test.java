package simsiam.model.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import simsiam.model.engine.nd4j.Nd4jEngine;
import simsiam.model.engine.torch.TorchEngine;
import simsiam.model.engine.torch.TorchSettings;
import simsiam.model.net.Arch;
import simsiam.model.net.EncoderSpec;
import simsiam.model.net.NetworkLayout;
import simsiam.model.net.NetworkSpec;
import simsiam.model.net.Stem;
import simsiam.model.net.Tensor;

/** Training in bf16 against float32, and against libtorch's bf16, which rounds at other places. */
class EngineBfloat16Test {
  private static final int N = 64;
  private static final int SIZE = 32;
  private static final int BEGINNING = 20;
  private static final int STEPS = 50;
  private static final Rates RATES = new Rates(0.03, 0.03, 0.9, 5e-4);
  private static final Rates LOW = new Rates(0.01, 0.01, 0.9, 5e-4);
  private static final Rates NONE = new Rates(0, 0, 0, 0);

  private final NetworkSpec spec = network(Arch.RESNET10);

  private static NetworkSpec network(Arch arch) {
    NetworkSpec small = ReferenceCase.spec("resnet10");
    return new NetworkSpec(
        new EncoderSpec(arch, Stem.CIFAR, 16, false),
        small.projector(),
        small.predictor(),
        small.objective());
  }

  @BeforeEach
  void processorHasIt() {
    assumeThat(Nd4jEngine.bfloat16Problem()).isEmpty();
  }

  private static Engine bfloat16() {
    return new Nd4jEngine(Precision.BF16);
  }

  /** Two views each of images of a colour, with faint stripes and fainter noise. */
  private static float[] views(long seed, int size) {
    float[] pixels = Hashed.pixels(2 * N, size, seed);
    double[] of = Hashed.values(N * 8, seed + 100);
    for (int i = 0; i < pixels.length; i++) {
      int view = i / (size * size * 3) / N;
      int image = i / (size * size * 3) % N * 8;
      int x = i / 3 % size + view;
      int y = i / (3 * size) % size;
      double stripes = Math.sin(2 * of[image + 3] * x + 2 * of[image + 4] * y + 3 * of[image + 5]);
      pixels[i] = (float) (1.5 * of[image + i % 3] + 0.3 * stripes + 0.02 * pixels[i]);
    }
    return pixels;
  }

  /**
   * What a beginning of training leaves. At initial weights images differ by little, which the
   * heads' norms blow up together with what was rounded: two ways to round have gradients that
   * differ by a fifth.
   */
  private void begin(TrainingNet net) {
    for (int i = 0; i < BEGINNING; i++) {
      net.step(views(i % 4 + 1, SIZE), N, SIZE, RATES);
    }
  }

  /** Momentum after a step from zero, without decay, is the gradient. */
  @Test
  void oneStepIsFloat32sButForRounding() {
    SortedMap<String, Tensor> weights;
    try (TrainingNet net = new Nd4jEngine().create(spec, NetworkLayout.of(spec).initialise(3))) {
      begin(net);
      weights = net.exportWeights();
    }
    float[] views = views(1, SIZE);
    try (TrainingNet exact = new Nd4jEngine().create(spec, weights);
        TrainingNet rounded = bfloat16().create(spec, weights)) {
      double expected = exact.step(views, N, SIZE, NONE).loss();
      assertThat(expected).isLessThan(-0.5);
      assertThat(rounded.step(views, N, SIZE, NONE).loss())
          .isCloseTo(expected, within(1e-2 * -expected));
      assertThat(distance(rounded, exact)).isBetween(1e-4, 3e-2);
      TensorMaps.assertNear(rounded.exportWeights(), exact.exportWeights(), 1e-2);
    }
  }

  /** Of gradients, relative to their norm. */
  private static double distance(TrainingNet rounded, TrainingNet exact) {
    SortedMap<String, Tensor> gradients = exact.exportOptimizer();
    SortedMap<String, Tensor> difference =
        TensorMaps.plus(rounded.exportOptimizer(), TensorMaps.scaled(gradients, -1));
    return TensorMaps.norm(difference) / TensorMaps.norm(gradients);
  }

  /** At initial weights, where rounding shows most; the stem of ImageNet adds its pooling. */
  @ParameterizedTest
  @EnumSource(Arch.class)
  void isNoFurtherFromFloat32ThanLibtorchsBfloat16(Arch arch) {
    int size = 32;
    NetworkSpec deep =
        new NetworkSpec(
            new EncoderSpec(arch, Stem.IMAGENET, 8, false),
            spec.projector(),
            spec.predictor(),
            spec.objective());
    SortedMap<String, Tensor> weights = Hashed.weights(deep);
    TorchSettings settings = new TorchSettings(Device.CPU, Precision.BF16, 0);
    try (TrainingNet exact = new Nd4jEngine().create(deep, weights);
        TrainingNet rounded = bfloat16().create(deep, weights);
        TrainingNet torch = new TorchEngine(settings).create(deep, weights)) {
      float[] views = views(1, size);
      for (TrainingNet net : new TrainingNet[] {exact, rounded, torch}) {
        net.step(views, N, size, NONE);
      }
      assertThat(distance(rounded, exact)).isLessThan(1.5 * distance(torch, exact));
    }
  }

  @Test
  void fiftyStepsStayWithFloat32() {
    try (TrainingNet exact = new Nd4jEngine().create(spec, NetworkLayout.of(spec).initialise(3))) {
      begin(exact);
      try (TrainingNet rounded = bfloat16().create(spec, exact.exportWeights())) {
        rounded.importOptimizer(exact.exportOptimizer());
        double first = 0;
        double last = 0;
        for (int i = 0; i < STEPS; i++) {
          float[] views = views(i % 4 + 1, SIZE);
          last = exact.step(views, N, SIZE, LOW).loss();
          first = i == 0 ? last : first;
          assertThat(rounded.step(views, N, SIZE, LOW).loss())
              .as("loss of step %s", i)
              .isCloseTo(last, within(0.02));
        }
        assertThat(last).isLessThan(first - 0.1);
      }
    }
  }

  /** Encoders of both stems, with their taps, by weights that differ from those at the start. */
  @ParameterizedTest
  @EnumSource(Arch.class)
  void encodesAsInFloat32ButForRounding(Arch arch) {
    for (Stem stem : Stem.values()) {
      NetworkSpec deep =
          new NetworkSpec(
              new EncoderSpec(arch, stem, 8, false),
              spec.projector(),
              spec.predictor(),
              spec.objective());
      try (TrainingNet exact = new Nd4jEngine().create(deep, Hashed.weights(deep));
          TrainingNet rounded = bfloat16().create(deep, Hashed.weights(deep))) {
        for (int i = 0; i < 15; i++) {
          exact.step(views(i, SIZE), N, SIZE, NONE);
        }
        float[] images = views(9, SIZE);
        int count = 70; // two chunks
        Tap tap = new Tap("layer2", 2);
        int dim = deep.encoder().featureDim();
        float[] before = new float[count * dim];
        rounded.encode(images, count, SIZE, before); // binds it to weights that are replaced
        rounded.importWeights(exact.exportWeights());
        float[][] got = encoded(rounded, images, count, dim, tap);
        float[][] expected = encoded(exact, images, count, dim, tap);
        float[][] torch;
        TorchSettings settings = new TorchSettings(Device.CPU, Precision.BF16, 0);
        try (TrainingNet other = new TorchEngine(settings).create(deep, exact.exportWeights())) {
          torch = encoded(other, images, count, dim, tap);
        }
        for (int i = 0; i < got.length; i++) {
          assertThat(difference(got[i], expected[i]))
              .as("%s", stem)
              .isBetween(1e-5, 5e-2)
              .isLessThan(1.5 * difference(torch[i], expected[i]));
        }
        assertThat(difference(before, expected[0])).isGreaterThan(0.1);
      }
    }
  }

  private static float[][] encoded(TrainingNet net, float[] images, int count, int dim, Tap tap) {
    float[] features = new float[count * dim];
    float[] map = new float[count * dim];
    net.encode(images, count, SIZE, features, List.of(tap), List.of(map));
    return new float[][] {features, map};
  }

  /** The norm of the difference over that of what was expected. */
  private static double difference(float[] got, float[] expected) {
    double squares = 0;
    double norm = 0;
    for (int i = 0; i < got.length; i++) {
      squares += Math.pow(got[i] - expected[i], 2);
      norm += Math.pow(expected[i], 2);
    }
    return Math.sqrt(squares / norm);
  }

  @Test
  void continuesBitForBit() {
    SortedMap<String, Tensor> weights;
    SortedMap<String, Tensor> momentum;
    SortedMap<String, Tensor> expected;
    try (TrainingNet net = bfloat16().create(spec, Hashed.weights(spec))) {
      steps(net, 0, 4);
      weights = net.exportWeights();
      momentum = net.exportOptimizer();
      steps(net, 4, 8);
      expected = net.exportWeights();
    }
    try (TrainingNet net = bfloat16().create(spec, weights)) {
      net.importOptimizer(momentum);
      steps(net, 4, 8);
      TensorMaps.assertSameBits(net.exportWeights(), expected);
    }
  }

  private static void steps(TrainingNet net, int from, int to) {
    for (int i = from; i < to; i++) {
      net.step(views(i, 16), N, 16, RATES);
    }
  }
}
