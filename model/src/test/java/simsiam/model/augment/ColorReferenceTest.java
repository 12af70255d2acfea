package simsiam.model.augment;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import simsiam.model.image.Fixtures;

/** Each operation against torchvision on PIL images; see augment/generate.py. */
class ColorReferenceTest {
  static List<List<String>> exact() {
    List<String> names =
        List.of("brightness", "contrast", "saturation", "hue", "greyscale", "flip");
    return Fixtures.rows("augment/cases.txt").stream()
        .filter(r -> names.contains(r.get(0)))
        .toList();
  }

  static List<List<String>> blurs() {
    return Fixtures.rows("augment/cases.txt").stream()
        .filter(r -> r.get(0).equals("blur"))
        .toList();
  }

  static List<List<String>> hues() {
    return Fixtures.rows("augment/hues.txt");
  }

  @ParameterizedTest
  @MethodSource("exact")
  void colourOperationsEqualPillowBitForBit(List<String> row) {
    int[] samples = Fixtures.samples(Fixtures.image("augment/images/" + row.get(1)));
    int[] expected = Fixtures.samples(Fixtures.image("augment/images/" + row.get(2)));
    double argument = row.size() > 3 ? Double.parseDouble(row.get(3)) : 0;
    switch (row.get(0)) {
      case "brightness" -> new Tones().brightness(samples, argument);
      case "contrast" -> new Tones().contrast(samples, argument);
      case "saturation" -> Tones.saturation(samples, argument);
      case "hue" -> HueShift.apply(samples, argument);
      case "greyscale" -> Tones.greyscale(samples);
      default -> ViewMaker.flip(samples, 32);
    }
    assertThat(samples).isEqualTo(expected);
  }

  /** All 2^24 colours. */
  @ParameterizedTest
  @MethodSource("hues")
  void hueShiftOfEveryColourEqualsPillows(List<String> row) throws NoSuchAlgorithmException {
    int[] samples = new int[3 << 16];
    byte[] bytes = new byte[samples.length];
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (int red = 0; red < 256; red++) {
      for (int i = 0; i < 1 << 16; i++) {
        samples[3 * i] = red;
        samples[3 * i + 1] = i >> 8;
        samples[3 * i + 2] = i & 0xFF;
      }
      HueShift.apply(samples, Double.parseDouble(row.get(0)));
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) samples[i];
      }
      digest.update(bytes);
    }
    assertThat(HexFormat.of().formatHex(digest.digest())).isEqualTo(row.get(1));
  }

  @ParameterizedTest
  @MethodSource("blurs")
  void blurIsWithinOneLevelOfTorchvisions(List<String> row) {
    int[] samples = Fixtures.samples(Fixtures.image("augment/images/" + row.get(1)));
    int[] expected = Fixtures.samples(Fixtures.image("augment/images/" + row.get(2)));
    int side = (int) Math.sqrt(samples.length / 3.0);
    assertThat(GaussianBlur.kernelSize(side)).isEqualTo(Integer.parseInt(row.get(3)));
    new GaussianBlur(side).apply(samples, Double.parseDouble(row.get(4)));
    int unequal = 0;
    for (int i = 0; i < samples.length; i++) {
      assertThat(samples[i]).isBetween(expected[i] - 1, expected[i] + 1);
      unequal += samples[i] == expected[i] ? 0 : 1;
    }
    assertThat(unequal).isLessThan(samples.length / 500);
  }
}
