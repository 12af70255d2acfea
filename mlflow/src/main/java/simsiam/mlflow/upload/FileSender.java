package simsiam.mlflow.upload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import simsiam.mlflow.rest.ArtifactStore;
import simsiam.mlflow.rest.RejectedException;
import simsiam.mlflow.spool.Delivery;
import simsiam.mlflow.spool.Delivery.Lane;
import simsiam.mlflow.spool.Delivery.RemoteRun;
import simsiam.mlflow.spool.Entry;
import simsiam.mlflow.spool.JournalReader;
import simsiam.mlflow.spool.JournalReader.Located;
import simsiam.mlflow.spool.Line;
import simsiam.mlflow.spool.RunFolder;

/**
 * Uploads a run's files, one a step, in an order of their own so that a large one holds up no
 * curve. The copy in the spool is deleted once the server lists the file with its full size.
 */
public final class FileSender implements RunSender {

  @Override
  public Lane lane() {
    return Lane.FILES;
  }

  @Override
  public Outcome step(RunFolder folder, Connection connection)
      throws IOException, InterruptedException {
    Delivery delivery = folder.delivery(connection.server().key());
    List<Located> lines = JournalReader.read(folder.journal(), delivery.offset(Lane.FILES));
    if (lines.isEmpty()) {
      return Outcome.IDLE;
    }
    for (Located located : lines) {
      if (located.line().entry() instanceof Entry.Artifact artifact) {
        Optional<RemoteRun> run = delivery.run();
        if (run.isEmpty()) {
          return Outcome.WAITING;
        }
        upload(located.line(), artifact, run.get(), folder, connection);
        delivery.delivered(Lane.FILES, located.end());
        return Outcome.SENT;
      }
    }
    delivery.delivered(Lane.FILES, lines.get(lines.size() - 1).end());
    return Outcome.SENT;
  }

  private static void upload(
      Line line, Entry.Artifact artifact, RemoteRun run, RunFolder folder, Connection connection)
      throws IOException, InterruptedException {
    // An absolute path stays as it is: a file too large to copy and on another disk.
    Path file = folder.path().resolve(artifact.file());
    try {
      check(file, artifact);
      ArtifactStore.of(run.artifactUri(), connection.rest()).put(file, artifact.path());
      if (file.startsWith(folder.files())) {
        Files.deleteIfExists(file);
      }
    } catch (RejectedException e) {
      folder.quarantine(line, "artifact " + artifact.path(), e.getMessage());
    }
  }

  private static void check(Path file, Entry.Artifact artifact)
      throws IOException, RejectedException {
    if (!Files.isRegularFile(file)) {
      throw new RejectedException(
          0, "", "Cannot upload a file: expected " + file + ", which is gone");
    }
    long size = Files.size(file);
    long modified = Files.getLastModifiedTime(file).toMillis();
    if (size != artifact.size() || modified != artifact.modified()) {
      throw new RejectedException(
          0,
          "",
          "Cannot upload a file: expected %d bytes as when it was logged, got %d changed since (%s)"
              .formatted(artifact.size(), size, file));
    }
  }
}
