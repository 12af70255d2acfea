package simsiam.pipelines.tracking;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.UUID;
import simsiam.model.data.AtomicFile;

/**
 * Identities of stage runs across processes: a stage that goes on after a kill goes on in the same
 * MLflow run, a stage that starts anew gets a new one.
 */
final class StageRunIds {
  private final Path folder;

  StageRunIds(Path folder) {
    this.folder = folder;
  }

  static String fresh(String prefix) {
    return prefix + "-" + UUID.randomUUID();
  }

  String of(String stage, String fingerprint, boolean continued) throws IOException {
    Path file = file(stage, fingerprint);
    if (continued && Files.exists(file)) {
      return Files.readString(file).strip();
    }
    String uid = fresh(stage);
    Files.createDirectories(folder);
    AtomicFile.write(file, uid.getBytes(StandardCharsets.UTF_8));
    return uid;
  }

  /** The stage has its output: its next run is another one, but this one made what is there. */
  void finished(String stage, String fingerprint) {
    Path done = done(stage, fingerprint);
    try {
      Files.createDirectories(done.getParent());
      Files.move(file(stage, fingerprint), done, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + done, e);
    }
  }

  /** The run that made a stage's output, if it was tracked in this workspace. */
  Optional<String> madeBy(String stage, String fingerprint) {
    Path done = done(stage, fingerprint);
    try {
      return Files.exists(done) ? Optional.of(Files.readString(done).strip()) : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + done, e);
    }
  }

  private Path done(String stage, String fingerprint) {
    return folder.resolve("finished").resolve(file(stage, fingerprint).getFileName());
  }

  private Path file(String stage, String fingerprint) {
    return folder.resolve(stage + "-" + fingerprint.substring(0, 16));
  }
}
