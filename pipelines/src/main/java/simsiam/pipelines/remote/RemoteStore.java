package simsiam.pipelines.remote;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.apache.beam.sdk.util.MimeTypes;

/**
 * Beam's file systems with their failures as {@link IOException}s that name the place: they throw
 * whatever their libraries do.
 */
final class RemoteStore {
  /** Characters that Beam takes for patterns. */
  private static final String PATTERN = "*?[]{}\\";

  /** What a message of the AWS library says of where it has looked. */
  private static final Pattern AWS_PROVIDERS =
      Pattern.compile(" from any of the providers in the chain.*", Pattern.DOTALL);

  private RemoteStore() {}

  /** Work on a store. */
  @FunctionalInterface
  private interface Call<T> {
    T run() throws IOException;
  }

  /** A file's size and time; empty where there is no file of this name. */
  static Optional<RemoteAttributes> file(RemotePath path) throws IOException {
    if (isPattern(path.absoluteKey())) {
      String key = path.absoluteKey();
      String folder = key.substring(0, key.lastIndexOf('/') + 1);
      RemoteAttributes[] found = new RemoteAttributes[1];
      below(
          path.getFileSystem().root(),
          folder,
          (name, attributes) -> found[0] = name.equals(key) ? attributes : found[0]);
      return Optional.ofNullable(found[0]);
    }
    return call(
        path.toString(),
        () -> {
          List<MatchResult.Metadata> found = matches(path.toString());
          return found.isEmpty() || isFolder(found.get(0))
              ? Optional.empty()
              : Optional.of(attributes(found.get(0)));
        });
  }

  private static boolean isFolder(MatchResult.Metadata found) throws IOException {
    return HadoopNames.maybeFolder(found)
        && !matches(HadoopNames.place(found.resourceId().toString()) + "/*").isEmpty();
  }

  private static List<MatchResult.Metadata> matches(String pattern) throws IOException {
    MatchResult match = FileSystems.match(pattern, EmptyMatchTreatment.ALLOW);
    return match.status() == MatchResult.Status.NOT_FOUND ? List.of() : match.metadata();
  }

  /**
   * All files below a folder.
   *
   * @param prefix key of the folder with its last {@code /}
   * @param action told the absolute key of each
   */
  static void below(String root, String prefix, BiConsumer<String, RemoteAttributes> action)
      throws IOException {
    String place = root + prefix;
    if (isPattern(prefix)) {
      throw new IOException(
          "Cannot list %s: expected the name of a folder without any of %s"
              .formatted(place, PATTERN));
    }
    for (MatchResult.Metadata metadata : call(place, () -> matchesBelow(place))) {
      String name = HadoopNames.place(metadata.resourceId().toString());
      // Consoles mark empty folders by an object of that name.
      if (name.startsWith(root + "/") && !name.endsWith("/")) {
        action.accept(name.substring(root.length()), attributes(metadata));
      }
    }
  }

  /** All files below a folder, whose name ends with {@code /}. */
  private static List<MatchResult.Metadata> matchesBelow(String folder) throws IOException {
    if (!HadoopNames.hadoop(folder)) {
      return matches(folder + "**");
    }
    List<MatchResult.Metadata> files = new ArrayList<>();
    for (MatchResult.Metadata found : matches(folder + "*")) {
      List<MatchResult.Metadata> below =
          HadoopNames.maybeFolder(found)
              ? matchesBelow(HadoopNames.place(found.resourceId().toString()) + "/")
              : List.of();
      files.addAll(below.isEmpty() ? List.of(found) : below);
    }
    return files;
  }

  private static boolean isPattern(String key) {
    return key.chars().anyMatch(c -> PATTERN.indexOf(c) >= 0);
  }

  private static RemoteAttributes attributes(MatchResult.Metadata metadata) {
    return new RemoteAttributes(
        metadata.sizeBytes(),
        metadata.lastModifiedMillis(),
        Objects.toString(metadata.checksum(), ""),
        false);
  }

  /** Opens a file at its start. */
  static SeekableByteChannel open(RemotePath path) throws IOException {
    ReadableByteChannel channel;
    try {
      channel = call(path.toString(), () -> FileSystems.open(resource(path)));
    } catch (StoreException e) {
      if (file(path).isEmpty()) { // which S3 tells as it tells any failure
        throw new NoSuchFileException(path.toString());
      }
      throw e;
    }
    if (channel instanceof SeekableByteChannel seekable) {
      return seekable;
    }
    channel.close();
    throw new IOException("Cannot read %s: expected a store that can seek".formatted(path));
  }

  /** Begins a file, which is there when the channel is closed. */
  static WritableByteChannel create(RemotePath path) throws IOException {
    path.getFileSystem().listings().forget();
    return call(path.toString(), () -> FileSystems.create(resource(path), MimeTypes.BINARY));
  }

  /** Deletes a file; stores do nothing where there is none. */
  static void delete(RemotePath path) throws IOException {
    path.getFileSystem().listings().forget();
    call(
        path.toString(),
        () -> {
          // Not with IGNORE_MISSING_FILES, which looks for names as patterns.
          FileSystems.delete(List.of(resource(path)));
          return "";
        });
  }

  private static ResourceId resource(RemotePath path) {
    return FileSystems.matchNewResource(HadoopNames.escaped(path), false);
  }

  private static <T> T call(String place, Call<T> call) throws IOException {
    StoreOptions.require(place);
    try {
      return call.run();
    } catch (FileNotFoundException | NoSuchFileException e) {
      throw new NoSuchFileException(place);
    } catch (IOException | RuntimeException e) {
      if (HadoopNames.belowFile(place, e)) {
        throw new NoSuchFileException(place);
      }
      throw new StoreException("Cannot reach %s: %s".formatted(place, cause(e)), e);
    }
  }

  /** The first message of a chain that says something; wrappings repeat their cause's class. */
  static String cause(Throwable e) {
    Throwable deepest = e;
    while (deepest.getCause() != null
        && (deepest.getMessage() == null
            || deepest.getMessage().equals(deepest.getCause().toString()))) {
      deepest = deepest.getCause();
    }
    String message = deepest.getMessage() == null ? deepest.toString() : deepest.getMessage();
    return AWS_PROVIDERS.matcher(message).replaceFirst(" from the environment, ~/.aws or a role");
  }
}
