package simsiam.mlflow.spool;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * A run's folder in the spool: {@code journal.jsonl}, copies of logged files in {@code files/},
 * what a server refused in {@code quarantine.jsonl}, and for each server {@code server-*} with the
 * run's id there and how far the journal was sent.
 */
public record RunFolder(Path path) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int TAIL = 256;

  /** The run's uid. */
  public String uid() {
    return path.getFileName().toString().replace('+', ':');
  }

  /** The run's journal. */
  public Path journal() {
    return path.resolve("journal.jsonl");
  }

  /** Where copies of logged files wait for their upload. */
  public Path files() {
    return path.resolve("files");
  }

  /** What was refused by a server, one JSON object a line. */
  public Path quarantine() {
    return path.resolve("quarantine.jsonl");
  }

  /** Held by the process that writes the journal. */
  public Optional<FileOwnership> tryOwn() throws IOException {
    return FileOwnership.tryAcquire(path.resolve("owner.lock"));
  }

  /** Held by the process that sends the journal. */
  public Optional<FileOwnership> trySend() throws IOException {
    return FileOwnership.tryAcquire(path.resolve("sender.lock"));
  }

  /** What is known about the run at a server. */
  public Delivery delivery(String serverKey) {
    return new Delivery(path.resolve("server-" + serverKey));
  }

  /** Notes an entry that a server will never take, with the reason. */
  public void quarantine(Line line, String what, String reason) throws IOException {
    ObjectNode note = JSON.createObjectNode();
    note.put("seq", line.seq()).put("time", line.time()).put("entry", what).put("reason", reason);
    Files.writeString(
        quarantine(),
        JSON.writeValueAsString(note) + "\n",
        StandardCharsets.UTF_8,
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  /**
   * Whether the journal's end does not look like that of an ended run: a quick look that spares
   * reading it whole.
   */
  boolean mayBeUnended() throws IOException {
    try (FileChannel channel = FileChannel.open(journal(), StandardOpenOption.READ)) {
      ByteBuffer tail = ByteBuffer.allocate(TAIL);
      channel.read(tail, Math.max(0, channel.size() - TAIL));
      String text = new String(tail.array(), 0, tail.position(), StandardCharsets.UTF_8);
      String last = text.substring(text.lastIndexOf('\n', text.length() - 2) + 1);
      return !last.contains("\"end\":\"");
    }
  }

  /** What was quarantined, one JSON object a line. */
  public List<String> quarantineLines() throws IOException {
    return Files.exists(quarantine()) ? Files.readAllLines(quarantine()) : List.of();
  }
}
