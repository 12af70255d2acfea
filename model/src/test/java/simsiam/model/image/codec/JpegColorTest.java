package simsiam.model.image.codec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JpegColorTest {
  /** Every triple of bytes, against libjpeg's formulas one by one (jdcolor.c). */
  @Test
  void convertsEveryColourAsLibjpegDoes() {
    byte[] samples = new byte[3 * 256 * 256];
    byte[] expected = new byte[samples.length];
    for (int y = 0; y < 256; y++) {
      for (int i = 0; i < 256 * 256; i++) {
        int cb = i >> 8;
        int cr = i & 0xFF;
        samples[3 * i] = (byte) y;
        samples[3 * i + 1] = (byte) cb;
        samples[3 * i + 2] = (byte) cr;
        convert(y, cb - 128, cr - 128, expected, 3 * i);
      }

      JpegColor.yccToRgb(samples, 3);

      assertThat(samples).isEqualTo(expected);
    }
  }

  private static void convert(int y, int cb, int cr, byte[] out, int at) {
    out[at] = clamped(y + ((91881 * cr + 32768) >> 16));
    out[at + 1] = clamped(y + ((-22554 * cb - 46802 * cr + 32768) >> 16));
    out[at + 2] = clamped(y + ((116130 * cb + 32768) >> 16));
  }

  private static byte clamped(int value) {
    return (byte) Math.max(0, Math.min(255, value));
  }
}
