package simsiam.model.image.resize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import simsiam.model.file.Sha256;
import simsiam.model.image.CropBox;
import simsiam.model.image.Fixtures;
import simsiam.model.image.RgbImage;

class ResamplerTest {
  private final Resampler resampler = new Resampler();

  static List<List<String>> crops() {
    return Fixtures.rows("augment/cases.txt").stream()
        .filter(r -> r.get(0).equals("crop"))
        .toList();
  }

  /** One resampler for all cases: what it keeps must not leak from one to the next. */
  @ParameterizedTest
  @MethodSource("crops")
  void equalsPillowBitForBit(List<String> row) {
    RgbImage image = Fixtures.image("augment/images/" + row.get(1));
    RgbImage expected = Fixtures.image("augment/images/" + row.get(2));
    CropBox box =
        new CropBox(number(row.get(3)), number(row.get(4)), number(row.get(5)), number(row.get(6)));
    int height = number(row.get(7));
    int width = number(row.get(8));
    int[] out = new int[3 * height * width];
    resampler.resize(image, new CropBox(0, 0, 5, 5), height, width, out);
    resampler.resize(image, box, height, width, out);
    assertThat(out).isEqualTo(Fixtures.samples(expected));
  }

  /** SHA-256 of Pillow 12.3.0's samples of the same image of a linear congruential generator. */
  @ParameterizedTest
  @CsvSource({
    "12, 10, 2, 1, 8, 8, 11, 13, 1365737d147bdb3eb017889f36b3af6cc1720f65ebf7180a7ece49e3e72c7583",
    "40, 50, 0, 0, 40, 50, 7, 9, b1fac540f8dd571af87461d63d2614372ad86e30ef32620f0fb8857e2cb21064",
    "20, 64, 1, 3, 17, 57, 31, 20, 93026a84ef92c774d47298a24714db21efd6dfa917c0f699e4eaa379c26e4de7",
    "1, 1, 0, 0, 1, 1, 3, 3, 36b13b1cb0e252147b220da278b5457f4559b425a1cc4cf8c47054f9c6c2070e"
  })
  void bicubicEqualsPillowBitForBit(
      int height,
      int width,
      int top,
      int left,
      int boxHeight,
      int boxWidth,
      int toHeight,
      int toWidth,
      String sha256) {
    byte[] pixels = new byte[3 * height * width];
    int state = 12345;
    for (int i = 0; i < pixels.length; i++) {
      state = (state * 1_103_515_245 + 12_345) & Integer.MAX_VALUE;
      pixels[i] = (byte) (state >> 16);
    }
    int[] out = new int[3 * toHeight * toWidth];
    new Resampler(Interpolation.BICUBIC)
        .resize(
            new RgbImage(height, width, pixels),
            new CropBox(top, left, boxHeight, boxWidth),
            toHeight,
            toWidth,
            out);
    byte[] bytes = new byte[out.length];
    for (int i = 0; i < out.length; i++) {
      bytes[i] = (byte) out[i];
    }
    assertThat(HexFormat.of().formatHex(Sha256.digest().digest(bytes))).isEqualTo(sha256);
  }

  private static int number(String text) {
    return Integer.parseInt(text);
  }

  @Test
  void cropThenResizeIsResizeOfTheCrop() {
    RgbImage image = random(40, 30);
    CropBox box = new CropBox(7, 3, 29, 21);
    int[] out = new int[3 * 16 * 16];
    resampler.resize(image, box, 16, 16, out);
    assertThat(out).isEqualTo(Fixtures.samples(resampler.resize(cut(image, box), 16, 16)));
  }

  private static RgbImage cut(RgbImage image, CropBox box) {
    byte[] pixels = new byte[3 * box.height() * box.width()];
    for (int y = 0; y < box.height(); y++) {
      int from = 3 * ((box.top() + y) * image.width() + box.left());
      System.arraycopy(image.pixels(), from, pixels, 3 * y * box.width(), 3 * box.width());
    }
    return new RgbImage(box.height(), box.width(), pixels);
  }

  /** Larger and smaller than the image, at each border and inside. */
  @Test
  void aPartIsThatOfTheWhole() {
    RgbImage image = random(40, 31);
    for (int[] size : new int[][] {{90, 70}, {40, 31}, {23, 19}, {7, 200}, {130, 5}}) {
      RgbImage whole = resampler.resize(image, size[0], size[1]);
      for (CropBox part :
          List.of(
              new CropBox(0, 0, 3, 4),
              new CropBox(size[0] - 5, size[1] - 5, 5, 5),
              new CropBox(1, 2, size[0] - 3, 3))) {
        assertThat(resampler.part(image, size[0], size[1], part).pixels())
            .as("%s of %sx%s", part, size[1], size[0])
            .isEqualTo(cut(whole, part).pixels());
      }
    }
  }

  /** Its result would have twelve gigabytes, of which a part is wanted. */
  @Test
  void aPartTakesNoMemoryForTheRest() {
    RgbImage strip = random(1_000_000, 1);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();

    RgbImage part = resampler.part(strip, 64_000_000, 64, new CropBox(63_999_990, 10, 10, 20));

    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000_000);
    byte[] last = Arrays.copyOfRange(strip.pixels(), 2_999_997, 3_000_000);
    assertThat(Arrays.copyOf(part.pixels(), 3)).isEqualTo(last);
  }

  /** Rows between the passes, twelve bytes a pixel, were once all kept. */
  @Test
  void takesFewRowsBesideTheImageAndItsResult() {
    RgbImage image = random(3000, 2000);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();

    RgbImage resized = resampler.resize(image, 2999, 1999);

    assertThat(threads.getCurrentThreadAllocatedBytes() - before)
        .isLessThan(resized.pixels().length + 1_000_000L);
  }

  @Test
  void constantImagesStayConstantAtEverySize() {
    byte[] pixels = new byte[3 * 37 * 53];
    Arrays.fill(pixels, (byte) 255);
    RgbImage white = new RgbImage(37, 53, pixels);
    for (int size : new int[] {1, 2, 7, 36, 37, 38, 53, 200}) {
      assertThat(Fixtures.samples(resampler.resize(white, size, size))).containsOnly(255);
    }
  }

  /** From one to 19 samples of weight for each of the result. */
  @Test
  void equalsPillowsFormulaWrittenOut() {
    RgbImage image = random(61, 83);
    for (int[] size : new int[][] {{61, 200}, {90, 60}, {50, 45}, {38, 33}, {24, 83}, {20, 9}}) {
      byte[] narrowed = naive(image.pixels(), 61, 83, 3, size[1]);
      byte[] expected = naive(narrowed, 1, 61, 3 * size[1], size[0]);
      assertThat(resampler.resize(image, size[0], size[1]).pixels())
          .as("%d x %d", size[1], size[0])
          .isEqualTo(expected);
    }
  }

  /** Resizes the middle one of three axes: {@code outer}, {@code length}, {@code inner}. */
  private static byte[] naive(byte[] in, int outer, int length, int inner, int size) {
    byte[] out = new byte[outer * size * inner];
    double scale = (double) length / size;
    double support = Math.max(1, scale);
    for (int i = 0; i < size; i++) {
      double center = (i + 0.5) * scale;
      int first = Math.max(0, (int) (center - support + 0.5));
      int end = Math.min(length, (int) (center + support + 0.5));
      double[] weights = new double[end - first];
      for (int t = 0; t < weights.length; t++) {
        weights[t] = Math.max(0, 1 - Math.abs((first + t - center + 0.5) / support));
      }
      double total = Arrays.stream(weights).sum();
      for (int o = 0; o < outer; o++) {
        for (int k = 0; k < inner; k++) {
          int sum = 1 << 21;
          for (int t = 0; t < weights.length; t++) {
            int weight = (int) (0.5 + weights[t] / total * (1 << 22));
            sum += weight * (in[(o * length + first + t) * inner + k] & 0xFF);
          }
          out[(o * size + i) * inner + k] = (byte) (sum >> 22);
        }
      }
    }
    return out;
  }

  @Test
  void theSameSizeIsTheSameImage() {
    RgbImage image = random(9, 11);
    assertThat(resampler.resize(image, 9, 11)).isSameAs(image);
  }

  @Test
  void boxesOutsideTheImageAreRefused() {
    RgbImage image = random(10, 20);
    assertThatThrownBy(
            () -> resampler.resize(image, new CropBox(1, 0, 10, 5), 4, 4, new int[3 * 16]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot crop: expected a box inside 20x10, got"
                + " CropBox[top=1, left=0, height=10, width=5]");
  }

  private static RgbImage random(int height, int width) {
    byte[] pixels = new byte[3 * height * width];
    new Random(5).nextBytes(pixels);
    return new RgbImage(height, width, pixels);
  }
}
