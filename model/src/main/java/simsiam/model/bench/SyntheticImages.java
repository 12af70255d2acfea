package simsiam.model.bench;

import java.util.Random;
import simsiam.model.image.RgbImage;
import simsiam.model.load.ImageSet;

/**
 * Images that look like none and cost as much as any: coloured waves with noise, each a function of
 * its index. For benchmarks.
 */
public final class SyntheticImages implements ImageSet {
  private static final int NOISE = 24;

  private final RgbImage[] images;

  /**
   * Paints the images.
   *
   * @param count how many
   * @param side pixels a side
   */
  public SyntheticImages(int count, int side) {
    images = new RgbImage[count];
    for (int i = 0; i < count; i++) {
      images[i] = paint(new Random(i), side);
    }
  }

  private static RgbImage paint(Random random, int side) {
    byte[] pixels = new byte[3 * side * side];
    for (int channel = 0; channel < 3; channel++) {
      double down = random.nextDouble(12) / side;
      double right = random.nextDouble(12) / side;
      double phase = random.nextDouble(6);
      for (int i = channel; i < pixels.length; i += 3) {
        int y = i / (3 * side);
        int x = i / 3 % side;
        double wave = 128 + 100 * Math.sin(y * down + x * right + phase);
        pixels[i] = (byte) Math.max(0, Math.min(255, wave + random.nextInt(NOISE)));
      }
    }
    return new RgbImage(side, side, pixels);
  }

  @Override
  public int size() {
    return images.length;
  }

  @Override
  public String id(int index) {
    return "synthetic#" + index;
  }

  @Override
  public int label(int index) {
    return -1;
  }

  @Override
  public RgbImage image(int index) {
    return images[index];
  }
}
