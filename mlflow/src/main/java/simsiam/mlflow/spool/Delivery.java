package simsiam.mlflow.spool;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** How much of a run has reached one server; every change is on disk before the next request. */
public record Delivery(Path folder) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String QUARANTINE = "quarantine.jsonl";
  private static final String ELSEWHERE = "elsewhere.jsonl";

  /**
   * The run as the server knows it.
   *
   * @param ambiguousCreate whether a request to create the run failed without an answer, so that
   *     the server may have made a second, empty run for it
   */
  public record RemoteRun(
      String runId, String experimentId, String artifactUri, boolean ambiguousCreate) {}

  /**
   * A model as the server knows it.
   *
   * @param modelId empty at a server before MLflow 3, which has models as artifacts only
   * @param artifactUri where its files go
   */
  public record RemoteModel(String modelId, String artifactUri) {}

  /** What of the journal goes its own way. */
  public enum Lane {
    /** Everything but files. */
    DATA,
    /** Files, and what can be said only once they are there. */
    FILES;

    /** The lane in which an entry is delivered. */
    public static Lane of(Entry entry) {
      return entry instanceof Entry.Artifact || entry instanceof Entry.ModelReady ? FILES : DATA;
    }
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

  /** A model of the run at the server, or empty if it was not created there yet. */
  public Optional<RemoteModel> model(String name) throws IOException {
    return AtomicJson.read(modelFile(name), RemoteModel.class);
  }

  /** Remembers a model made at the server. */
  public void created(String name, RemoteModel model) throws IOException {
    AtomicJson.write(modelFile(name), model);
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

  /** Notes an entry that the server will never take, with the reason. */
  public void quarantine(Line line, String what, String reason) throws IOException {
    note(QUARANTINE, line, what, reason);
  }

  /** Notes a file that this server does not get, because only another one still has it. */
  public void leftElsewhere(Line line, String what) throws IOException {
    note(ELSEWHERE, line, what, "uploaded to another server before, and not kept after that");
  }

  /** What the server refused, one JSON object a line. */
  public List<String> refused() throws IOException {
    return lines(QUARANTINE);
  }

  /** Files that only another server has, one JSON object a line. */
  public List<String> elsewhere() throws IOException {
    return lines(ELSEWHERE);
  }

  /** Forgets everything, because the server does not know the run any more. */
  public void forget() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  private void note(String file, Line line, String what, String reason) throws IOException {
    ObjectNode note = JSON.createObjectNode();
    note.put("seq", line.seq()).put("time", line.time()).put("entry", what).put("reason", reason);
    Files.createDirectories(folder);
    Files.writeString(
        folder.resolve(file),
        JSON.writeValueAsString(note) + "\n",
        StandardCharsets.UTF_8,
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  private List<String> lines(String file) throws IOException {
    Path path = folder.resolve(file);
    return Files.exists(path) ? Files.readAllLines(path) : List.of();
  }

  private Path modelFile(String name) {
    return folder.resolve("model-" + name + ".json");
  }

  private Path file(Lane lane) {
    return folder.resolve(lane == Lane.DATA ? "data.json" : "files.json");
  }
}
