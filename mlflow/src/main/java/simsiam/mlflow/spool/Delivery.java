package simsiam.mlflow.spool;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import simsiam.mlflow.RemoteModel;
import simsiam.mlflow.RemoteRun;
import simsiam.mlflow.file.AtomicJson;

/** How much of a run has reached one server; every change is on disk before the next request. */
public record Delivery(Path folder) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String QUARANTINE = "quarantine.jsonl";
  private static final String ELSEWHERE = "elsewhere.jsonl";

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

  private record Trouble(String reason) {}

  /** The run at the server, or empty if it was not created there yet. */
  public Optional<RemoteRun> run() throws IOException {
    return AtomicJson.read(runFile(), RemoteRun.class);
  }

  /** Remembers the run made at the server. */
  public void created(RemoteRun run) throws IOException {
    AtomicJson.write(runFile(), run);
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
  public boolean creatingBefore() {
    return Files.exists(folder.resolve("creating.json"));
  }

  /**
   * Offset in the journal up to which a lane was delivered. One that is no end of a line, as after
   * a loss of power that took the journal's last lines, counts as 0: what is sent again changes
   * nothing at the server.
   */
  public long offset(Lane lane) throws IOException {
    long offset = AtomicJson.read(file(lane), Offset.class).map(Offset::offset).orElse(0L);
    Path journal = folder.resolveSibling(RunFolder.JOURNAL);
    return JournalReader.isEndOfLine(journal, offset) ? offset : 0;
  }

  /** Remembers that a lane was delivered up to an offset. */
  public void delivered(Lane lane, long offset) throws IOException {
    AtomicJson.write(file(lane), new Offset(offset));
    Files.deleteIfExists(troubleFile(lane));
  }

  /** Whether lines of the journal wait in a lane. */
  public boolean waits(Lane lane) throws IOException {
    return JournalReader.hasLine(folder.resolveSibling(RunFolder.JOURNAL), offset(lane));
  }

  /** Remembers what keeps a lane from being delivered, until something of it is. */
  public void blocked(Lane lane, String reason) throws IOException {
    AtomicJson.write(troubleFile(lane), new Trouble(reason));
  }

  /** What kept a lane from being delivered when that was last tried, or empty. */
  public Optional<String> trouble() throws IOException {
    for (Lane lane : Lane.values()) {
      Optional<Trouble> trouble = AtomicJson.read(troubleFile(lane), Trouble.class);
      if (trouble.isPresent()) {
        return trouble.map(Trouble::reason);
      }
    }
    return Optional.empty();
  }

  /**
   * Deletes what cannot be read of what is known about the server's side, and has the journal sent
   * anew from its start if it was about the run or a model: both are found again at the server, and
   * what is sent again changes nothing there.
   */
  public void repair() throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    boolean lost = false;
    try (DirectoryStream<Path> models = Files.newDirectoryStream(folder, "model-*.json")) {
      for (Path model : models) {
        lost |= AtomicJson.read(model, RemoteModel.class).isEmpty() && Files.deleteIfExists(model);
      }
    }
    lost |= Files.exists(runFile()) && run().isEmpty() && Files.deleteIfExists(runFile());
    if (lost) {
      Files.deleteIfExists(file(Lane.DATA));
    }
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
    String text = JSON.writeValueAsString(note);
    if (lines(file).contains(text)) {
      return; // Noted when the journal was sent before.
    }
    Files.createDirectories(folder);
    try (FileChannel channel =
        FileChannel.open(
            folder.resolve(file), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      ByteBuffer bytes = StandardCharsets.UTF_8.encode(text + "\n");
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  private List<String> lines(String file) throws IOException {
    Path path = folder.resolve(file);
    // Bytes that are no text must not hide the rest.
    return Files.exists(path)
        ? new String(Files.readAllBytes(path), StandardCharsets.UTF_8).lines().toList()
        : List.of();
  }

  private Path runFile() {
    return folder.resolve("run.json");
  }

  private Path troubleFile(Lane lane) {
    return folder.resolve(lane == Lane.DATA ? "data-trouble.json" : "files-trouble.json");
  }

  private Path modelFile(String name) {
    return folder.resolve("model-" + name + ".json");
  }

  private Path file(Lane lane) {
    return folder.resolve(lane == Lane.DATA ? "data.json" : "files.json");
  }
}
