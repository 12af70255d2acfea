package simsiam.model.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.augment.Normalization;
import simsiam.model.augment.Specs;
import simsiam.model.data.Manifest;

/** A split of 98 MB through a JVM of 40 MB. */
class LargerThanHeapTest {
  private static final long WINDOW = 6_000_000;
  private static final int SIDE = 64;
  private static final int IMAGES = 8_000;
  private static final int VIEW = 8;

  @Test
  @Timeout(120)
  void theBatchesAreThoseOfALargeHeap(@TempDir Path folder)
      throws IOException, InterruptedException {
    Manifest manifest = ShardedSet.write(folder, 8, IMAGES / 8, SIDE, 1_000_000);
    manifest.write(folder);
    Process small =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx40m",
                "-cp",
                System.getProperty("java.class.path"),
                SmallHeap.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(small.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(small.waitFor(60, TimeUnit.SECONDS)).isTrue();
    ImageSet inMemory = ShardedSet.inMemory(folder, manifest, WINDOW);
    assertThat(output.strip()).endsWith("epochs " + epoch(inMemory, 1) + " " + epoch(inMemory, 2));
  }

  private static String epoch(ImageSet images, int epoch) {
    CRC32 crc = new CRC32();
    Normalization normalization =
        new Normalization(List.of(0.5, 0.4, 0.3), List.of(0.25, 0.2, 0.1));
    LoaderSpec spec = new LoaderSpec(2, 50, 9, 2);
    ByteBuffer bytes = ByteBuffer.allocate(2 * 50 * 3 * VIEW * VIEW * Float.BYTES);
    try (ViewLoader loader =
        new ViewLoader(images, Specs.simSiam(VIEW), normalization, spec, epoch, 0)) {
      while (loader.hasNext()) {
        try (ImageBatch batch = loader.next()) {
          bytes.asFloatBuffer().put(batch.pixels());
          crc.update(bytes.array());
        }
      }
    }
    return Long.toHexString(crc.getValue());
  }

  /** The program of the small JVM. */
  static final class SmallHeap {
    private SmallHeap() {}

    public static void main(String[] args) {
      Path folder = Path.of(args[0]);
      ImageSet images =
          ImageSets.open(folder, Manifest.read(folder), "train", ImageSets.defaultBudget(), WINDOW);
      PrintStream out = System.out;
      out.println("epochs " + epoch(images, 1) + " " + epoch(images, 2));
    }
  }
}
