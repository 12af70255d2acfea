package simsiam.pipelines.tracking;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import simsiam.mlflow.RunRequest;
import simsiam.model.file.AtomicFile;

/**
 * Identities of stage runs across processes: a stage that goes on after a kill goes on in the same
 * MLflow run, a stage that starts anew gets a new one.
 */
final class StageRunIds {
  private static final Logger log = LoggerFactory.getLogger(StageRunIds.class);

  private final Path folder;

  StageRunIds(Path folder) {
    this.folder = folder;
  }

  static String fresh(String prefix) {
    return prefix + "-" + UUID.randomUUID();
  }

  String of(String stage, String fingerprint, boolean continued) throws IOException {
    Path file = file(stage, fingerprint);
    Optional<String> known = continued ? read(file) : Optional.empty();
    if (known.isPresent()) {
      return known.get();
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
      return read(done);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + done, e);
    }
  }

  /** The uid in a file; empty without one, as when a loss of power has emptied the file. */
  private static Optional<String> read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    String uid = new String(Files.readAllBytes(file), StandardCharsets.UTF_8).strip();
    if (!RunRequest.isUid(uid)) {
      log.warn("Cannot use {}: expected the id of a run, got other content", file);
      return Optional.empty();
    }
    return Optional.of(uid);
  }

  private Path done(String stage, String fingerprint) {
    return folder.resolve("finished").resolve(file(stage, fingerprint).getFileName());
  }

  private Path file(String stage, String fingerprint) {
    return folder.resolve(stage + "-" + fingerprint.substring(0, 16));
  }
}
