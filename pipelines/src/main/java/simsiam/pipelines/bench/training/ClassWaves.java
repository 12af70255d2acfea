package simsiam.pipelines.bench.training;

import java.util.Random;
import simsiam.model.image.RgbImage;
import simsiam.model.load.ImageSet;

/**
 * Made-up images of classes that can be told apart: a wave whose length and direction are the
 * class's, with phase, colours and noise of each image's own.
 */
final class ClassWaves implements ImageSet {
  static final int CLASSES = 5;
  private static final int NOISE = 30;

  private final RgbImage[] images;
  private final String prefix;

  /**
   * Paints the images; those of two prefixes differ.
   *
   * @param side pixels a side
   */
  ClassWaves(String prefix, int count, int side) {
    this.prefix = prefix;
    images = new RgbImage[count];
    for (int i = 0; i < count; i++) {
      images[i] = paint(i % CLASSES, new Random(31L * prefix.hashCode() + i), side);
    }
  }

  private static RgbImage paint(int label, Random random, int side) {
    double angle = Math.PI * label / CLASSES;
    double frequency = (6 + 4.0 * label) / side;
    double phase = random.nextDouble(2 * Math.PI);
    int[] heights = {40 + random.nextInt(80), 40 + random.nextInt(80), 40 + random.nextInt(80)};
    byte[] pixels = new byte[3 * side * side];
    for (int i = 0; i < pixels.length; i++) {
      int y = i / (3 * side);
      int x = i / 3 % side;
      double along = Math.cos(angle) * x + Math.sin(angle) * y;
      double value =
          128 + heights[i % 3] * Math.sin(frequency * along + phase) + random.nextInt(NOISE);
      pixels[i] = (byte) Math.max(0, Math.min(255, value));
    }
    return new RgbImage(side, side, pixels);
  }

  @Override
  public int size() {
    return images.length;
  }

  @Override
  public String id(int index) {
    return prefix + "#" + index;
  }

  @Override
  public int label(int index) {
    return index % CLASSES;
  }

  @Override
  public RgbImage image(int index) {
    return images[index];
  }
}
