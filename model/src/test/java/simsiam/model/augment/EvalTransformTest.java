package simsiam.model.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import simsiam.model.image.Fixtures;
import simsiam.model.image.RgbImage;
import simsiam.model.image.resize.Interpolation;

class EvalTransformTest {
  static List<List<String>> evaluations() {
    return Fixtures.rows("augment/cases.txt").stream()
        .filter(row -> row.get(0).equals("evaluate"))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("evaluations")
  void equalsTorchvisionsResizeAndCenterCrop(List<String> row) {
    RgbImage image = Fixtures.image("augment/images/" + row.get(1));
    RgbImage expected = Fixtures.image("augment/images/" + row.get(2));
    RgbImage out = new EvalTransform(Integer.parseInt(row.get(3))).apply(image);
    assertThat(out.height()).isEqualTo(expected.height());
    assertThat(out.pixels()).isEqualTo(expected.pixels());
  }

  /** Resized as a whole, these would have four gigabytes. */
  @Test
  void stripsAreCutAtTheirMiddle() {
    byte[] pixels = new byte[3 * 20_000];
    for (int i = 0; i < 20_000; i++) {
      Arrays.fill(pixels, 3 * i, 3 * i + 3, (byte) (i < 10_000 ? 50 : 200));
    }
    RgbImage wide = new EvalTransform(224).apply(new RgbImage(1, 20_000, pixels));
    RgbImage tall = new EvalTransform(224).apply(new RgbImage(20_000, 1, pixels));
    for (int i = 0; i < 224; i++) {
      // Each pixel becomes 256, and what lies between the centres of two is interpolated.
      double from = (10_000 * 256 - 112 + i + 0.5) / 256 - 9_999.5;
      int expected = (int) Math.round(50 + from * (200 - 50));
      assertThat(wide.pixels()[3 * i] & 0xFF).isEqualTo(expected);
      assertThat(tall.pixels()[3 * 224 * i] & 0xFF).isEqualTo(expected);
    }
  }

  /** Pillow 12.3.0: {@code resize((36, 36), BILINEAR).crop((2, 2, 34, 34))}. */
  @Test
  void theShorterSideIsBroughtToAnotherSizeWhereThatIsAskedFor() throws NoSuchAlgorithmException {
    RgbImage image = Fixtures.image("augment/images/square.png");
    byte[] pixels = new EvalTransform(32, bilinear(36)).apply(image).pixels();
    assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(pixels)))
        .isEqualTo("0eea0868257e2e124cc627a5144ad69a96a671f259f1596c0514f5dcfa79c72b");
    assertThat(new EvalTransform(32, bilinear(32)).apply(image).pixels()).isEqualTo(image.pixels());
    assertThatThrownBy(() -> new EvalTransform(32, bilinear(31)))
        .hasMessage("Cannot cut out the centre: expected a shorter side of at least 32, got 31");
  }

  @Test
  void imagesOfTheSizeStayAsTheyAre() {
    RgbImage image = Fixtures.image("augment/images/square.png");
    assertThat(new EvalTransform(32).apply(image)).isSameAs(image);
  }

  private static EvalTransform.Resize bilinear(int shorter) {
    return new EvalTransform.Resize(shorter, Interpolation.BILINEAR);
  }
}
