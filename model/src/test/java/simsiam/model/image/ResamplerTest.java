package simsiam.model.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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

  private static int number(String text) {
    return Integer.parseInt(text);
  }

  @Test
  void cropThenResizeIsResizeOfTheCrop() {
    RgbImage image = random(40, 30);
    CropBox box = new CropBox(7, 3, 29, 21);
    int[] out = new int[3 * 16 * 16];
    resampler.resize(image, box, 16, 16, out);
    assertThat(out).isEqualTo(Fixtures.samples(resampler.resize(box.cut(image), 16, 16)));
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
