package simsiam.model.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Seeded examples of raw pixels. */
public final class Examples {
  private Examples() {}

  public static List<ImageExample> random(int count, int height, int width, long seed) {
    Random random = new Random(seed);
    List<ImageExample> examples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] pixels = new byte[height * width * 3];
      random.nextBytes(pixels);
      examples.add(new ImageExample("batch.bin#" + i, i % 10 - 1, height, width, pixels));
    }
    return examples;
  }

  public static ShardFooter footer(int index, int count) {
    return new ShardFooter(
        ImageEncoding.RAW, "train", List.of("cat", "dog, \"big\""), index, count, "salt", "f00d");
  }
}
