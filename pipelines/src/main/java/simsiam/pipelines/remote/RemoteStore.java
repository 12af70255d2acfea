package simsiam.pipelines.remote;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.apache.beam.sdk.util.MimeTypes;
import simsiam.model.config.Reason;

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
          file -> found[0] = file.name().equals(key) ? file.attributes() : found[0]);
      return Optional.ofNullable(found[0]);
    }
    return call(
        path.toString(),
        () -> {
          List<MatchResult.Metadata> found = BeamPages.matches(path.toString());
          return found.isEmpty() || isFolder(found.get(0))
              ? Optional.empty()
              : Optional.of(BeamPages.attributes(found.get(0)));
        });
  }

  private static boolean isFolder(MatchResult.Metadata found) throws IOException {
    return HadoopNames.maybeFolder(found)
        && !BeamPages.matches(HadoopNames.place(found.resourceId().toString()) + "/*").isEmpty();
  }

  /**
   * All files below a folder, as the store tells of them: in any order, maybe some of them again.
   *
   * @param prefix key of the folder with its last {@code /}
   * @param action told of each file by its absolute key
   */
  static void below(String root, String prefix, Consumer<Listed> action) throws IOException {
    String place = root + prefix;
    if (isPattern(prefix)) {
      throw new IOException(
          "Cannot list %s: expected the name of a folder without any of %s"
              .formatted(place, PATTERN));
    }
    Pages pages = call(place, () -> Pages.below(root, prefix));
    for (Optional<Iterable<Listed>> page = call(place, pages::next);
        page.isPresent();
        page = call(place, pages::next)) {
      for (Listed file : page.get()) {
        // Consoles mark empty folders by an object of that name.
        if (!file.name().endsWith("/")) {
          action.accept(file);
        }
      }
    }
  }

  private static boolean isPattern(String key) {
    return key.chars().anyMatch(c -> PATTERN.indexOf(c) >= 0);
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
    String message = Reason.of(deepest);
    return AWS_PROVIDERS.matcher(message).replaceFirst(" from the environment, ~/.aws or a role");
  }
}
