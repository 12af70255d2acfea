package simsiam.model.train;

import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import simsiam.model.image.RgbImage;
import simsiam.model.load.ImageSet;

/** Noise of many shapes, smaller and larger than the views; how often each is asked for. */
final class MixedImages implements ImageSet {
  private final int[][] sizes = {{20, 20}, {9, 31}, {31, 9}, {12, 12}, {1, 40}};
  final AtomicInteger asked = new AtomicInteger();
  private final int count;

  MixedImages(int count) {
    this.count = count;
  }

  @Override
  public int size() {
    return count;
  }

  @Override
  public String id(int index) {
    return "mixed-" + index;
  }

  @Override
  public int label(int index) {
    return -1;
  }

  @Override
  public RgbImage image(int index) {
    asked.incrementAndGet();
    int[] size = sizes[index % sizes.length];
    byte[] pixels = new byte[3 * size[0] * size[1]];
    new Random(index).nextBytes(pixels);
    return new RgbImage(size[0], size[1], pixels);
  }

  @Override
  public int[] areas() {
    int[] areas = new int[count];
    for (int i = 0; i < count; i++) {
      areas[i] = sizes[i % sizes.length][0] * sizes[i % sizes.length][1];
    }
    return areas;
  }
}
