package simsiam.mlflow.upload;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import simsiam.mlflow.RemoteModel;
import simsiam.mlflow.RemoteRun;
import simsiam.mlflow.file.Sha256;
import simsiam.mlflow.rest.ArtifactStore;
import simsiam.mlflow.rest.RejectedException;
import simsiam.mlflow.spool.Delivery;
import simsiam.mlflow.spool.Delivery.Lane;
import simsiam.mlflow.spool.Entry;
import simsiam.mlflow.spool.JournalReader;
import simsiam.mlflow.spool.Line;
import simsiam.mlflow.spool.Located;
import simsiam.mlflow.spool.RunFolder;

/**
 * Uploads a run's files, one a step, in an order of their own so that a large one holds up no
 * curve. The copy in the spool is deleted once the server lists the file with its full size; those
 * of a model stay, so that every further server gets its weights too.
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
      if (located.isFile()) {
        // Asked first: the run may be made, and its last line passed, between two questions.
        boolean passed = !delivery.waits(Lane.DATA);
        Optional<RemoteRun> run = delivery.run();
        if (run.isEmpty() && passed) {
          String what = describe(located.line().entry());
          delivery.quarantine(located.line(), what, "the server refused to make the run");
        } else if (run.isEmpty() || !send(located.line(), run.get(), folder, connection)) {
          return Outcome.WAITING;
        }
        delivery.delivered(Lane.FILES, located.end());
        return Outcome.sentUpTo(located.end(), folder);
      }
    }
    long end = lines.get(lines.size() - 1).end();
    delivery.delivered(Lane.FILES, end);
    return Outcome.sentUpTo(end, folder);
  }

  /** Whether the entry is dealt with; if not, its model must be made first. */
  private static boolean send(Line line, RemoteRun run, RunFolder folder, Connection connection)
      throws IOException, InterruptedException {
    Delivery delivery = folder.delivery(connection.server().key());
    String name = model(line.entry());
    // Asked first: the model may be made, and its line passed, between two questions.
    boolean passed = !name.isEmpty() && isPassed(delivery, folder, line);
    Optional<RemoteModel> model = name.isEmpty() ? Optional.empty() : delivery.model(name);
    try {
      if (!name.isEmpty() && model.isEmpty()) {
        if (passed) {
          throw new RejectedException(0, "", "Cannot send a model: the server refused to make it");
        }
        return false;
      } else if (line.entry() instanceof Entry.ModelReady ready) {
        new ModelSender(run, folder.uid(), delivery, connection)
            .ready(ready, model.orElseThrow(), line.time());
      } else if (line.entry() instanceof Entry.Artifact artifact) {
        String root = model.map(RemoteModel::artifactUri).orElse(run.artifactUri());
        upload(line, artifact, root, folder, connection);
      }
    } catch (RejectedException e) {
      delivery.quarantine(line, describe(line.entry()), e.getMessage());
    }
    return true;
  }

  /** Whether the other lane is beyond a line, so that a model not made by then never will be. */
  private static boolean isPassed(Delivery delivery, RunFolder folder, Line line)
      throws IOException {
    List<Located> ahead = JournalReader.read(folder.journal(), delivery.offset(Lane.DATA));
    return ahead.isEmpty() || ahead.get(0).line().seq() > line.seq();
  }

  private static String model(Entry entry) {
    if (entry instanceof Entry.ModelReady ready) {
      return ready.name();
    }
    return entry instanceof Entry.Artifact artifact ? artifact.model() : "";
  }

  private static String describe(Entry entry) {
    return entry instanceof Entry.Artifact artifact
        ? "artifact " + artifact.path()
        : "model " + model(entry);
  }

  private static void upload(
      Line line, Entry.Artifact artifact, String root, RunFolder folder, Connection connection)
      throws IOException, RejectedException, InterruptedException {
    // An absolute path stays as it is: a file too large to copy and on another disk.
    Path file = folder.path().resolve(artifact.file());
    boolean kept = file.startsWith(folder.files());
    if (kept && !Files.exists(file)) {
      // A kept file is deleted once a server has it: another one, or this one before it lost all.
      folder.delivery(connection.server().key()).leftElsewhere(line, describe(artifact));
      return;
    }
    check(file, kept, artifact);
    ArtifactStore.of(root, connection.rest()).put(file, artifact.path());
    if (kept && artifact.model().isEmpty()) {
      Files.deleteIfExists(file);
    }
  }

  private static void check(Path file, boolean kept, Entry.Artifact artifact)
      throws IOException, RejectedException {
    if (!Files.isRegularFile(file)) {
      throw new RejectedException(
          0, "", "Cannot upload a file: expected " + file + ", which is gone");
    }
    if (!Files.isReadable(file)) {
      throw new AccessDeniedException(file.toString());
    }
    long size = Files.size(file);
    if (size != artifact.size() || !isUnchanged(file, kept, artifact)) {
      throw new RejectedException(
          0,
          "",
          "Cannot upload a file: expected %s bytes as when it was logged, got %s changed since (%s)"
              .formatted(artifact.size(), size, file));
    }
  }

  /** Times change without the content where a workspace is copied. */
  private static boolean isUnchanged(Path file, boolean kept, Entry.Artifact artifact)
      throws IOException {
    if (Files.getLastModifiedTime(file).toMillis() == artifact.modified()) {
      return true;
    } else if (artifact.sha256().isEmpty()) {
      // Of an earlier version; a copy of its own is written by nobody else.
      return kept && artifact.size() <= Entry.Artifact.COPIED;
    }
    return Sha256.of(file).equals(artifact.sha256());
  }
}
