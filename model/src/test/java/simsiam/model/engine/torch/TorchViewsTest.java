package simsiam.model.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import simsiam.model.augment.AugmentSpec;
import simsiam.model.augment.BlurSpec;
import simsiam.model.augment.DrawnViews;
import simsiam.model.augment.JitterSpec;
import simsiam.model.augment.ViewDevice;
import simsiam.model.augment.ViewMaker;
import simsiam.model.augment.ViewRandom;
import simsiam.model.augment.ViewSampler;
import simsiam.model.image.Fixtures;
import simsiam.model.image.RgbImage;
import simsiam.model.image.resize.Interpolation;

/** Views made on the device against those of the CPU, which are Pillow's and torchvision's. */
class TorchViewsTest {
  private static final int VIEWS = 2;
  private static final List<Double> MEAN = List.of(0.5, 0.4, 0.3);
  private static final List<Double> STD = List.of(0.25, 0.2, 0.3);

  private final TorchRuntime runtime = TorchRuntime.open(TorchSettings.cpu());

  private static AugmentSpec spec(
      int size, double flip, JitterSpec jitter, double grey, double blur) {
    return spec(size, flip, jitter, grey, blur, Interpolation.BILINEAR);
  }

  private static AugmentSpec spec(
      int size,
      double flip,
      JitterSpec jitter,
      double grey,
      double blur,
      Interpolation interpolation) {
    return new AugmentSpec(
        size,
        List.of(0.08, 1.0),
        List.of(3 / 4.0, 4 / 3.0),
        flip,
        jitter,
        grey,
        new BlurSpec(blur, List.of(0.1, 2.0)),
        MEAN,
        STD,
        ViewDevice.GPU,
        interpolation);
  }

  private static JitterSpec jitter(
      double brightness, double contrast, double saturation, double hue) {
    return new JitterSpec(1, brightness, contrast, saturation, hue);
  }

  static Stream<Arguments> operations() {
    JitterSpec none = jitter(0, 0, 0, 0);
    return Stream.of(
        Arguments.of("crop", spec(32, 0, none, 0, 0)),
        Arguments.of("enlarged crop", spec(96, 0, none, 0, 0)),
        Arguments.of("bicubic crop", spec(32, 0.5, none, 0, 0, Interpolation.BICUBIC)),
        Arguments.of("enlarged bicubic crop", spec(96, 0, none, 0, 0, Interpolation.BICUBIC)),
        Arguments.of("flip", spec(32, 1, none, 0, 0)),
        Arguments.of("brightness", spec(32, 0, jitter(0.4, 0, 0, 0), 0, 0)),
        Arguments.of("contrast", spec(32, 0, jitter(0, 0.4, 0, 0), 0, 0)),
        Arguments.of("saturation", spec(32, 0, jitter(0, 0, 0.4, 0), 0, 0)),
        Arguments.of("hue", spec(32, 0, jitter(0, 0, 0, 0.5), 0, 0)),
        Arguments.of("greyscale", spec(32, 0, none, 1, 0)),
        Arguments.of("blur", spec(40, 0, none, 0, 1)),
        Arguments.of("all", spec(48, 0.5, new JitterSpec(0.8, 0.4, 0.4, 0.4, 0.1), 0.2, 0.5)));
  }

  /** Photographs and drawings of many shapes, noise, and one of a single colour. */
  private static List<RgbImage> images() {
    List<RgbImage> images = new ArrayList<>();
    for (String name : List.of("square", "wide", "large")) {
      images.add(Fixtures.image("augment/images/" + name + ".png"));
    }
    Random random = new Random(5);
    for (int[] size : new int[][] {{1, 1}, {3, 70}, {64, 41}, {100, 100}, {33, 32}}) {
      byte[] pixels = new byte[3 * size[0] * size[1]];
      random.nextBytes(pixels);
      images.add(new RgbImage(size[0], size[1], pixels));
    }
    images.add(new RgbImage(20, 20, new byte[1200]));
    return images;
  }

  private static DrawnViews drawn(AugmentSpec spec, List<RgbImage> images) {
    DrawnViews views = DrawnViews.room(spec, VIEWS, images.size());
    ViewSampler sampler = new ViewSampler(spec);
    for (int i = 0; i < images.size(); i++) {
      RgbImage image = images.get(i);
      views.put(i, image);
      for (int view = 0; view < VIEWS; view++) {
        views.put(view, i, sampler.draw(image.height(), image.width(), random(i, view)));
      }
    }
    views.pack();
    return views;
  }

  private static ViewRandom random(int image, int view) {
    return new ViewRandom(11, 0, "image " + image, view);
  }

  private float[] made(DrawnViews drawn) {
    try (TorchViews views = new TorchViews(runtime, drawn.spec())) {
      return NativeScope.freeing(
          () -> {
            TorchBatch batch = views.load(drawn);
            return values(views.make(batch, batch.pixels()));
          });
    }
  }

  /** The same of images that were cached before, behind some other one. */
  private float[] madeOfCached(AugmentSpec spec, RgbImage before, List<RgbImage> images) {
    List<RgbImage> all = new ArrayList<>(List.of(before));
    all.addAll(images);
    long pixels = all.stream().mapToLong(TorchViewsTest::area).sum();
    DrawnViews drawn = DrawnViews.cachedRoom(spec, VIEWS, images.size());
    ViewSampler sampler = new ViewSampler(spec);
    long start = area(before);
    for (int i = 0; i < images.size(); i++) {
      RgbImage image = images.get(i);
      drawn.put(i, image.height(), image.width(), start);
      start += area(image);
      for (int view = 0; view < VIEWS; view++) {
        drawn.put(view, i, sampler.draw(image.height(), image.width(), random(i, view)));
      }
    }
    drawn.pack();
    try (TorchPixels cached = TorchPixels.upload(runtime, pixels, all.iterator());
        TorchViews views = new TorchViews(runtime, spec)) {
      return NativeScope.freeing(() -> values(views.make(views.load(drawn), cached.all())));
    }
  }

  private static long area(RgbImage image) {
    return (long) image.height() * image.width();
  }

  private static RgbImage noise(int height, int width) {
    byte[] pixels = new byte[3 * height * width];
    new Random(height + width).nextBytes(pixels);
    return new RgbImage(height, width, pixels);
  }

  /**
   * Of one size, where they begin at multiples of it and where they do not; of several; and so
   * large that they are made one after the other.
   */
  @Test
  void viewsOfCachedImagesHaveTheSameBits() {
    AugmentSpec spec = spec(24, 0.5, new JitterSpec(0.8, 0.4, 0.4, 0.4, 0.1), 0.2, 0.5);
    List<RgbImage> alike = List.of(noise(20, 30), noise(20, 30), noise(20, 30));
    List<RgbImage> large = List.of(noise(1200, 2400), noise(1201, 2399), noise(8, 8), noise(9, 7));
    for (List<RgbImage> images : List.of(alike, images(), large)) {
      float[] expected = made(drawn(spec, images));
      assertThat(madeOfCached(spec, noise(20, 30), images)).isEqualTo(expected);
      assertThat(madeOfCached(spec, noise(7, 5), images)).isEqualTo(expected);
    }
  }

  private static float[] values(Tensor views) {
    return Transfer.toArray(views.permute(0, 2, 3, 1).contiguous());
  }

  /** The bounds are far below the 1.5 levels that training would not notice. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("operations")
  void viewsAreThoseOfTheCpu(String name, AugmentSpec spec) {
    List<RgbImage> images = images();
    float[] made = made(drawn(spec, images));
    int side = spec.cropSize();
    assertThat(made).hasSize(VIEWS * images.size() * side * side * 3);
    ViewMaker maker = new ViewMaker(spec);
    double total = 0;
    int most = 0;
    for (int view = 0; view < VIEWS; view++) {
      for (int i = 0; i < images.size(); i++) {
        byte[] expected = maker.view(images.get(i), random(i, view)).pixels();
        int from = (view * images.size() + i) * side * side * 3;
        for (int at = 0; at < expected.length; at++) {
          int channel = at % 3;
          double level = (made[from + at] * STD.get(channel) + MEAN.get(channel)) * 255;
          double difference = Math.abs(level - (expected[at] & 0xFF));
          total += difference;
          most = Math.max(most, (int) Math.rint(difference));
        }
      }
    }
    assertThat(total / made.length).as("mean difference in levels").isLessThan(0.05);
    assertThat(most).as("largest difference in levels").isLessThanOrEqualTo(8);
  }
}
