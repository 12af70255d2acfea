package simsiam.eval.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import simsiam.eval.JavaLinearAlgebra;
import simsiam.eval.features.Encoders;
import simsiam.eval.features.FeatureSet;
import simsiam.eval.features.SyntheticFeatures;
import simsiam.model.augment.AugmentSpec;
import simsiam.model.augment.BlurSpec;
import simsiam.model.augment.CropSampler;
import simsiam.model.augment.JitterSpec;
import simsiam.model.augment.ViewRandom;
import simsiam.model.image.CropBox;
import simsiam.model.image.RgbImage;
import simsiam.model.image.resize.Interpolation;
import simsiam.model.load.EpochOrder;
import simsiam.model.load.ImageSet;

class AugmentedLinearTest {
  private static final int SIZE = 8;
  private static final int IMAGES = 20;
  private static final int DIM = Encoders.DIM;

  /** The colours of pre-training have no part in it. */
  private static final AugmentSpec AUGMENT =
      new AugmentSpec(
          SIZE,
          List.of(0.2, 0.3),
          List.of(1.0, 1.0),
          1,
          new JitterSpec(1, 0.9, 0.9, 0.9, 0.4),
          1,
          new BlurSpec(1, List.of(1.0, 2.0)),
          List.of(0.5, 0.5, 0.5),
          List.of(0.25, 0.25, 0.25));

  private static AugmentedLinearSpec spec(int epochs, int batch, LinearOptimizer optimizer) {
    return new AugmentedLinearSpec(
        epochs,
        batch,
        optimizer,
        8.0,
        List.of(0.08, 1.0),
        List.of(0.75, 4.0 / 3),
        0.5,
        0,
        Interpolation.BILINEAR);
  }

  /** Each image is of one grey, which its crops have too: what they are is known without pixels. */
  private record Greys(int count) implements ImageSet {
    @Override
    public int size() {
      return count;
    }

    @Override
    public String id(int index) {
      return "grey" + index;
    }

    @Override
    public int label(int index) {
      return index % 3;
    }

    @Override
    public RgbImage image(int index) {
      byte[] pixels = new byte[3 * 10 * 12];
      Arrays.fill(pixels, (byte) (80 * (index % 3) + index));
      return new RgbImage(10, 12, pixels);
    }
  }

  private static float feature(int index) {
    return (float) (((80 * (index % 3) + index) / 255.0 - 0.5) / 0.25);
  }

  private static FeatureSet test(int n) {
    float[] values = new float[n * DIM];
    int[] labels = new int[n];
    for (int i = 0; i < n; i++) {
      Arrays.fill(values, i * DIM, (i + 1) * DIM, feature(i));
      labels[i] = i % 3;
    }
    return SyntheticFeatures.of(DIM, values, labels, 3);
  }

  private static LinearResult run(AugmentedLinearSpec spec, int images, int threads) {
    return new AugmentedLinear(spec, AUGMENT, new JavaLinearAlgebra(), 9, threads)
        .run(Encoders.firstPixels(), new Greys(images), 4, test(30), new Silent());
  }

  private static class Silent implements AugmentedLinear.Listener {
    @Override
    public void encoded(long images) {}

    @Override
    public void epoch(LinearEpoch epoch) {}
  }

  @Test
  void theLayerIsTrainedAsTheNaiveOne() {
    for (LinearOptimizer optimizer : LinearOptimizer.values()) {
      LinearResult result = run(spec(3, 6, optimizer), IMAGES, 2);

      SoftmaxRegression start =
          new SoftmaxRegression(new JavaLinearAlgebra(), DIM, 3, optimizer, new Random(9));
      NaiveProbe naive =
          new NaiveProbe(start.weights(), start.bias(), optimizer == LinearOptimizer.LARS);
      int step = 0;
      for (int epoch = 1; epoch <= 3; epoch++) {
        int[] order = EpochOrder.permutation(9, epoch, IMAGES);
        double loss = 0;
        for (int from = 0; from + 6 <= IMAGES; from += 6) {
          float[] rows = new float[6 * DIM];
          int[] labels = new int[6];
          for (int i = 0; i < 6; i++) {
            Arrays.fill(rows, i * DIM, (i + 1) * DIM, feature(order[from + i]));
            labels[i] = order[from + i] % 3;
          }
          double lr = 8.0 * 6 / 256 * 0.5 * (1 + Math.cos(Math.PI * step++ / 9));
          loss += naive.step(rows, labels, 6, lr);
        }
        assertThat(result.curve().get(epoch - 1).trainLoss())
            .as("%s, epoch %s", optimizer, epoch)
            .isCloseTo(loss / 18, within(1e-5));
      }
      assertThat(result.train()).isEqualTo(20);
      assertThat(result.trainUnlabelled()).isEqualTo(4);
      assertThat(result.spec()).isEqualTo(new LinearSpec(3, 6, 0.1875, false, optimizer));
      assertThat(result.last().top1()).isEqualTo(naiveTop1(naive));
    }
  }

  private static double naiveTop1(NaiveProbe naive) {
    int right = 0;
    FeatureSet test = test(30);
    for (int i = 0; i < 30; i++) {
      double[] p = naive.probabilities(test.features().block(0), i);
      int best = 0;
      for (int c = 1; c < 3; c++) {
        best = p[c] > p[best] ? c : best;
      }
      right += best == i % 3 ? 1 : 0;
    }
    return 100.0 * right / 30;
  }

  @Test
  void theNumberOfLoaderThreadsDoesNotMatter() {
    LinearResult one = run(spec(4, 5, LinearOptimizer.SGD), 23, 1);
    assertThat(run(spec(4, 5, LinearOptimizer.SGD), 23, 2)).isEqualTo(one);
    assertThat(run(spec(4, 5, LinearOptimizer.SGD), 23, 7)).isEqualTo(one);
  }

  /** An image of a slope shows where it was cropped: as the spec says, anew in each epoch. */
  @Test
  void viewsAreCropsAndFlipsOfTheSpecAlone() {
    byte[] pixels = new byte[3 * 16 * 16];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i / 3 % 16 * 16);
    }
    ImageSet one = new One(new RgbImage(16, 16, pixels));
    List<Double> losses = new ArrayList<>();
    AugmentedLinearSpec spec =
        new AugmentedLinearSpec(
            4,
            1,
            LinearOptimizer.SGD,
            1e-9,
            List.of(0.25, 0.25),
            List.of(1.0, 1.0),
            0,
            0,
            Interpolation.BILINEAR);
    LinearResult result =
        new AugmentedLinear(spec, AUGMENT, new JavaLinearAlgebra(), 9, 1)
            .run(Encoders.firstPixels(), one, 0, test(3), new Silent());
    SoftmaxRegression start =
        new SoftmaxRegression(new JavaLinearAlgebra(), DIM, 3, LinearOptimizer.SGD, new Random(9));
    for (int epoch = 1; epoch <= 4; epoch++) {
      CropBox box =
          new CropSampler(List.of(0.25, 0.25), List.of(1.0, 1.0))
              .sample(16, 16, new ViewRandom(9, epoch, "one", 0));
      float[] row = new float[DIM];
      Arrays.fill(row, (float) ((box.left() * 16 / 255.0 - 0.5) / 0.25));
      double loss = new NaiveProbe(start.weights(), start.bias()).loss(row, new int[] {1}, 1);
      assertThat(result.curve().get(epoch - 1).trainLoss()).isCloseTo(loss, within(1e-6));
      losses.add(loss);
    }
    assertThat(losses.stream().distinct().count()).isGreaterThan(1);
  }

  private record One(RgbImage image) implements ImageSet {
    @Override
    public int size() {
      return 1;
    }

    @Override
    public String id(int index) {
      return "one";
    }

    @Override
    public int label(int index) {
      return 1;
    }

    @Override
    public RgbImage image(int index) {
      return image;
    }
  }

  @Test
  void tellsOfImagesAndEpochs() {
    List<Long> images = new ArrayList<>();
    List<Integer> epochs = new ArrayList<>();
    new AugmentedLinear(spec(2, 8, LinearOptimizer.SGD), AUGMENT, new JavaLinearAlgebra(), 9, 2)
        .run(
            Encoders.firstPixels(),
            new Greys(IMAGES),
            0,
            test(9),
            new AugmentedLinear.Listener() {
              @Override
              public void encoded(long count) {
                images.add(count);
              }

              @Override
              public void epoch(LinearEpoch epoch) {
                epochs.add(epoch.epoch());
              }
            });
    assertThat(images).containsExactly(8L, 16L, 24L, 32L);
    assertThat(epochs).containsExactly(1, 2);
    assertThat(AugmentedLinear.images(spec(2, 8, LinearOptimizer.SGD), IMAGES)).isEqualTo(32);
  }

  /** The layer's batch may be larger than what is encoded at once, but loses no image by it. */
  @Test
  void whatIsEncodedAtOnceDividesTheBatch() {
    assertThat(AugmentedLinear.encoded(256)).isEqualTo(256);
    assertThat(AugmentedLinear.encoded(4096)).isEqualTo(256);
    assertThat(AugmentedLinear.encoded(300)).isEqualTo(150);
    assertThat(AugmentedLinear.encoded(100)).isEqualTo(100);
    assertThat(run(spec(1, 300, LinearOptimizer.SGD), 650, 2).curve()).hasSize(1);
  }

  @Test
  void refusesFewerImagesThanABatch() {
    assertThatThrownBy(() -> run(spec(1, 21, LinearOptimizer.SGD), IMAGES, 1))
        .hasMessage(
            "Cannot train the linear layer: expected at least a batch of 21 labelled images, got"
                + " 20");
  }

  @Test
  void stopsWhenTheLossIsNotFinite() {
    AugmentedLinearSpec wild =
        new AugmentedLinearSpec(
            3,
            4,
            LinearOptimizer.SGD,
            1e30,
            List.of(0.08, 1.0),
            List.of(1.0, 1.0),
            0.5,
            0,
            Interpolation.BILINEAR);
    List<Double> tiny = List.of(1e-12, 1e-12, 1e-12);
    AugmentSpec stretched =
        new AugmentSpec(
            SIZE,
            AUGMENT.cropScale(),
            AUGMENT.cropRatio(),
            0,
            AUGMENT.jitter(),
            0,
            AUGMENT.blur(),
            AUGMENT.mean(),
            tiny);
    AugmentedLinear linear = new AugmentedLinear(wild, stretched, new JavaLinearAlgebra(), 9, 1);
    assertThatThrownBy(
            () -> linear.run(Encoders.firstPixels(), new Greys(IMAGES), 0, test(3), new Silent()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("Cannot train the linear layer: expected a finite loss, got")
        .hasMessageEndingWith("a lower linear_augmented.base_lr may help");
  }
}
