package simsiam.pipelines.source;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import simsiam.model.image.RgbImage;
import simsiam.model.image.codec.ImageEncoder;

/** Small raw data sets, generated from seeds. */
public final class Fixtures {
  public static final List<String> CIFAR10_BATCHES =
      List.of(
          "data_batch_1.bin",
          "data_batch_2.bin",
          "data_batch_3.bin",
          "data_batch_4.bin",
          "data_batch_5.bin",
          "test_batch.bin");

  private Fixtures() {}

  /** CIFAR-10 of so many records a batch: label i % 10, then random pixels. */
  public static Path cifar10(Path folder, int recordsOfBatch) {
    for (int batch = 0; batch < CIFAR10_BATCHES.size(); batch++) {
      write(folder.resolve(CIFAR10_BATCHES.get(batch)), records(recordsOfBatch, 1, 10, batch));
    }
    return folder;
  }

  /** CIFAR-100: coarse label 7, fine label i % 100, then random pixels. */
  public static Path cifar100(Path folder, int train, int test) {
    write(folder.resolve("train.bin"), records(train, 2, 100, 1));
    write(folder.resolve("test.bin"), records(test, 2, 100, 2));
    return folder;
  }

  private static byte[] records(int count, int labelBytes, int classes, long seed) {
    Random random = new Random(seed);
    int size = labelBytes + 3072;
    byte[] records = new byte[count * size];
    random.nextBytes(records);
    for (int i = 0; i < count; i++) {
      records[i * size] = 7;
      records[i * size + labelBytes - 1] = (byte) (i % classes);
    }
    return records;
  }

  /** IDX files of one split: image i has height 4, width 3, pixels i + 10 p. */
  public static void idx(Path folder, String prefix, int count, boolean gzipped) {
    byte[] pixels = new byte[count * 12];
    byte[] labels = new byte[count];
    for (int i = 0; i < count; i++) {
      labels[i] = (byte) (i % 10);
      for (int p = 0; p < 12; p++) {
        pixels[i * 12 + p] = (byte) (i + 10 * p);
      }
    }
    String end = gzipped ? ".gz" : "";
    write(folder.resolve(prefix + "-images-idx3-ubyte" + end), idx(pixels, gzipped, count, 4, 3));
    write(folder.resolve(prefix + "-labels-idx1-ubyte" + end), idx(labels, gzipped, count));
  }

  public static byte[] idx(byte[] values, boolean gzipped, int... dimensions) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out =
        new DataOutputStream(gzipped ? new GZIPOutputStream(bytes) : bytes)) {
      out.writeInt(0x0800 + dimensions.length);
      for (int dimension : dimensions) {
        out.writeInt(dimension);
      }
      out.write(values);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** A PNG of random pixels. */
  public static byte[] png(int height, int width, long seed) {
    return ImageEncoder.png(image(height, width, seed));
  }

  /** Random pixels. */
  public static RgbImage image(int height, int width, long seed) {
    byte[] pixels = new byte[3 * height * width];
    new Random(seed).nextBytes(pixels);
    return new RgbImage(height, width, pixels);
  }

  /** Writes a file and the folders above it. */
  public static Path write(Path file, byte[] content) {
    try {
      Files.createDirectories(file.getParent());
      return Files.write(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Packs files of one folder under a name, as the official archives are. */
  public static Path tarGz(Path archive, Path folder, String as, List<String> names) {
    try (OutputStream file = Files.newOutputStream(archive);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(file))) {
      for (String name : names) {
        byte[] content = Files.readAllBytes(folder.resolve(name));
        TarArchiveEntry entry = new TarArchiveEntry(as + "/" + name);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return archive;
  }
}
