package simsiam.mlflow.spool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** How much of a run has reached one server; every change is on disk before the next request. */
public record Delivery(Path folder) {

  /**
   * The run as the server knows it.
   *
   * @param ambiguousCreate whether a request to create the run failed without an answer, so that
   *     the server may have made a second, empty run for it
   */
  public record RemoteRun(
      String runId, String experimentId, String artifactUri, boolean ambiguousCreate) {}

  /** What of the journal goes its own way. */
  public enum Lane {
    /** Everything but files. */
    DATA,
    /** Files. */
    FILES
  }

  private record Offset(long offset) {}

  private record Attempt(long pid) {}

  /** The run at the server, or empty if it was not created there yet. */
  public Optional<RemoteRun> run() throws IOException {
    return AtomicJson.read(folder.resolve("run.json"), RemoteRun.class);
  }

  /** Remembers the run made at the server. */
  public void created(RemoteRun run) throws IOException {
    AtomicJson.write(folder.resolve("run.json"), run);
  }

  /** Remembers that a request to create the run is about to be sent. */
  public void creating() throws IOException {
    AtomicJson.write(folder.resolve("creating.json"), new Attempt(ProcessHandle.current().pid()));
  }

  /** Whether a request to create the run was sent before. */
  public boolean creatingBefore() throws IOException {
    return AtomicJson.read(folder.resolve("creating.json"), Attempt.class).isPresent();
  }

  /** Offset in the journal up to which a lane was delivered. */
  public long offset(Lane lane) throws IOException {
    return AtomicJson.read(file(lane), Offset.class).map(Offset::offset).orElse(0L);
  }

  /** Remembers that a lane was delivered up to an offset. */
  public void delivered(Lane lane, long offset) throws IOException {
    AtomicJson.write(file(lane), new Offset(offset));
  }

  /** Forgets everything, because the server does not know the run any more. */
  public void forget() throws IOException {
    for (String name : List.of("data.json", "files.json", "creating.json", "run.json")) {
      Files.deleteIfExists(folder.resolve(name));
    }
  }

  private Path file(Lane lane) {
    return folder.resolve(lane == Lane.DATA ? "data.json" : "files.json");
  }
}
