package simsiam.pipelines.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * The program as it is built: a folder with {@code simsiam.jar} and {@code lib}.
 *
 * @param folder absolute path
 * @param version of the program with a digest of its own classes, as many builds have one version
 */
public record Distribution(String folder, String version) implements Serializable {
  private static final String JAR = "simsiam.jar";
  private static final int DIGITS = 12;

  /** That of this process; empty if it does not run from one. */
  public static Optional<Distribution> ofThisProcess() {
    Path jar = Path.of(System.getProperty("java.class.path"));
    return jar.endsWith(JAR) && Files.isRegularFile(jar)
        ? Optional.of(at(jar.toAbsolutePath().getParent()))
        : Optional.empty();
  }

  /**
   * The distribution in a folder.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Distribution at(Path folder) {
    Path jar = folder.resolve(JAR);
    if (!Files.isRegularFile(jar) || !Files.isDirectory(folder.resolve("lib"))) {
      throw new IllegalArgumentException(
          "Cannot use a distribution: expected a folder with simsiam.jar and lib, such as"
              + " dist/current of a built program, got none at %s".formatted(folder));
    }
    try {
      return new Distribution(folder.toAbsolutePath().normalize().toString(), version(jar));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the distribution " + folder, e);
    }
  }

  /** The program to start. */
  public Path jar() {
    return Path.of(folder, JAR);
  }

  /**
   * Checks that it is the program that this process runs.
   *
   * @throws IllegalArgumentException if not
   */
  public void requireOwn() {
    String own =
        ofThisProcess().map(Distribution::version).orElse("none, as it runs from single classes");
    if (!version.equals(own)) {
      throw new IllegalArgumentException(
          "Cannot use the distribution %s: expected version %s, which runs here, got %s"
              .formatted(folder, own, version));
    }
  }

  /**
   * Checks, on a worker, that it is there as it is for the launching machine.
   *
   * @param worker the machine's name
   * @throws IllegalStateException if not
   */
  void require(String worker) {
    String found;
    try {
      found = at(Path.of(folder)).version();
    } catch (IllegalArgumentException e) { // not there
      found = "none";
    }
    if (!found.equals(version)) {
      throw new IllegalStateException(
          ("Cannot run points on worker %s: expected the distribution %s in version %s (storage that"
                  + " all workers share; --distribution names another), got %s")
              .formatted(worker, folder, version, found));
    }
  }

  private static String version(Path jar) throws IOException {
    String version;
    try (JarFile file = new JarFile(jar.toFile())) {
      version = file.getManifest().getMainAttributes().getValue("Implementation-Version");
    }
    MessageDigest digest = sha256();
    List<Path> own;
    try (Stream<Path> lib = Files.list(jar.resolveSibling("lib"))) {
      own = Stream.concat(Stream.of(jar), lib.filter(Distribution::isOwn).sorted()).toList();
    }
    for (Path file : own) {
      try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
        in.transferTo(OutputStream.nullOutputStream());
      }
    }
    return version + "-" + HexFormat.of().formatHex(digest.digest()).substring(0, DIGITS);
  }

  /** Whether it has classes of the program, and no others. */
  private static boolean isOwn(Path jar) {
    String name = jar.getFileName().toString();
    return name.startsWith("simsiam-") && !name.endsWith("-job.jar");
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Cannot compute SHA-256, which every Java has", e);
    }
  }
}
