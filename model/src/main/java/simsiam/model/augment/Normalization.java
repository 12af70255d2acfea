package simsiam.model.augment;

import java.util.List;
import simsiam.model.image.RgbImage;

/**
 * From bytes to the network's input: {@code (byte / 255 - mean) / std} for each channel, by a
 * table.
 */
public final class Normalization {
  private final float[][] table = new float[3][256];

  public Normalization(List<Double> mean, List<Double> std) {
    if (mean.size() != 3 || std.size() != 3) {
      throw new IllegalArgumentException(
          "Cannot normalise: expected 3 means and 3 deviations, got " + mean + " and " + std);
    }
    for (int channel = 0; channel < 3; channel++) {
      for (int value = 0; value < 256; value++) {
        table[channel][value] = (float) ((value / 255.0 - mean.get(channel)) / std.get(channel));
      }
    }
  }

  /** Writes samples 0..255, HWC, as floats to {@code out} from {@code offset} on. */
  public void write(int[] samples, float[] out, int offset) {
    float[] red = table[0];
    float[] green = table[1];
    float[] blue = table[2];
    for (int i = 0; i < samples.length; i += 3) {
      out[offset + i] = red[samples[i]];
      out[offset + i + 1] = green[samples[i + 1]];
      out[offset + i + 2] = blue[samples[i + 2]];
    }
  }

  /** Writes the image as floats, HWC, to {@code out} from {@code offset} on. */
  public void write(RgbImage image, float[] out, int offset) {
    byte[] pixels = image.pixels();
    for (int i = 0; i < pixels.length; i += 3) {
      out[offset + i] = table[0][pixels[i] & 0xFF];
      out[offset + i + 1] = table[1][pixels[i + 1] & 0xFF];
      out[offset + i + 2] = table[2][pixels[i + 2] & 0xFF];
    }
  }
}
