package simsiam.model.augment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import simsiam.model.image.Fixtures;
import simsiam.model.image.RgbImage;

class ViewMakerTest {
  private static final AugmentSpec SIMSIAM = Specs.simSiam(32);

  private final ViewMaker maker = new ViewMaker(SIMSIAM);
  private final RgbImage image = Fixtures.image("augment/images/wide.png");

  static List<List<String>> views() {
    return Fixtures.rows("augment/views.txt");
  }

  /** Whole views made by torchvision from the same random numbers. */
  @ParameterizedTest
  @MethodSource("views")
  void viewsEqualTorchvisionsBitForBit(List<String> row) {
    RgbImage source = Fixtures.image("augment/images/" + row.get(0) + ".png");
    ViewRandom random =
        new ViewRandom(42, Integer.parseInt(row.get(1)), row.get(0), Integer.parseInt(row.get(2)));
    RgbImage expected = Fixtures.image("augment/images/" + row.get(3));
    assertThat(maker.view(source, random).pixels()).isEqualTo(expected.pixels());
  }

  @Test
  void writtenViewsAreTheNormalisedPixels() {
    Normalization normalization =
        new Normalization(List.of(0.5, 0.4, 0.3), List.of(0.25, 0.2, 0.1));
    RgbImage view = maker.view(image, new ViewRandom(1, 2, "a", 0));
    float[] expected = new float[3 * 32 * 32];
    normalization.write(view, expected, 0);
    float[] out = new float[2 + 3 * 32 * 32];
    maker.write(image, new ViewRandom(1, 2, "a", 0), normalization, out, 2);
    assertThat(Arrays.copyOfRange(out, 2, out.length)).isEqualTo(expected);
    assertThat(expected[0]).isEqualTo((float) (((view.pixels()[0] & 0xFF) / 255.0 - 0.5) / 0.25));
  }

  @Test
  void whatWasMadeBeforeDoesNotMatter() {
    byte[] fresh = maker.view(image, new ViewRandom(1, 2, "a", 1)).pixels();
    maker.view(Fixtures.image("augment/images/large.png"), new ViewRandom(9, 9, "b", 0));
    assertThat(maker.view(image, new ViewRandom(1, 2, "a", 1)).pixels()).isEqualTo(fresh);
  }

  @Test
  void withoutRandomnessTheViewIsTheImage() {
    ViewMaker plain = new ViewMaker(Specs.none(32));
    RgbImage square = Fixtures.image("augment/images/square.png");
    assertThat(plain.view(square, new ViewRandom(3, 0, "c", 0)).pixels())
        .isEqualTo(square.pixels());
  }

  @Test
  void flipsJitterAndGreyscaleComeAsOftenAsTheirProbability() {
    RgbImage square = Fixtures.image("augment/images/square.png");
    int grey = 0;
    int unchanged = 0;
    int draws = 4000;
    ViewMaker wholeImage = new ViewMaker(Specs.withoutCrop(32));
    for (int i = 0; i < draws; i++) {
      RgbImage view = wholeImage.view(square, new ViewRandom(5, i, "d", 0));
      grey += isGrey(view) ? 1 : 0;
      unchanged += Arrays.equals(view.pixels(), square.pixels()) ? 1 : 0;
    }
    // Standard deviations: 25 of 800, and 17 of 0.5 * 0.2 * 0.8 * 4000 = 320.
    assertThat(grey).isBetween(700, 900);
    assertThat(unchanged).isBetween(250, 390);
  }

  /** Blur is drawn last: without it the view is the same up to there. */
  @Test
  void blurComesAsOftenAsItsProbability() {
    ViewMaker blurring = new ViewMaker(Specs.withBlur(32));
    int blurred = 0;
    for (int i = 0; i < 1000; i++) {
      byte[] sharp = maker.view(image, new ViewRandom(6, i, "e", 0)).pixels();
      byte[] other = blurring.view(image, new ViewRandom(6, i, "e", 0)).pixels();
      blurred += Arrays.equals(sharp, other) ? 0 : 1;
    }
    // Half of them, less about 8 % whose deviation is too small for a kernel of 3 to show.
    assertThat(blurred).isBetween(400, 510);
  }

  private static boolean isGrey(RgbImage view) {
    byte[] pixels = view.pixels();
    for (int i = 0; i < pixels.length; i += 3) {
      if (pixels[i] != pixels[i + 1] || pixels[i] != pixels[i + 2]) {
        return false;
      }
    }
    return true;
  }
}
