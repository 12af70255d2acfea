package simsiam.model.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import simsiam.model.image.codec.ImageDecoder;
import simsiam.model.image.codec.ImageRejectedException;

/** Reads the reference files under the test resources. */
public final class Fixtures {
  private Fixtures() {}

  /**
   * Where a file lies.
   *
   * @param name path under the test resources, such as {@code augment/cases.txt}
   */
  public static Path path(String name) {
    try {
      return Path.of(Objects.requireNonNull(Fixtures.class.getResource("/" + name), name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(name, e);
    }
  }

  public static byte[] bytes(String name) {
    try {
      return Files.readAllBytes(path(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static RgbImage image(String name) {
    try {
      return new ImageDecoder().decode(bytes(name), name);
    } catch (ImageRejectedException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The lines of a text file, each split at spaces. */
  public static List<List<String>> rows(String name) {
    try {
      return Files.readAllLines(path(name)).stream()
          .map(line -> List.of(line.split(" ", -1)))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Names of the files of a folder, sorted. */
  public static List<String> names(String folder) {
    try (Stream<Path> files = Files.list(path(folder))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Samples 0..255, HWC. */
  public static int[] samples(RgbImage image) {
    int[] samples = new int[image.pixels().length];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = image.pixels()[i] & 0xFF;
    }
    return samples;
  }
}
