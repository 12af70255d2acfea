package simsiam.pipelines.sweep;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import simsiam.pipelines.stage.Json;

/** A file of JSON objects, one a line, that one process appends to while another reads it. */
public final class JsonLines {
  private static final int MOST_BYTES = 1 << 20;

  private final Path file;
  private long position;

  public JsonLines(Path file) {
    this.file = file;
  }

  /** Appends an object; the file is made if it is not there. */
  public static void append(Path file, Map<String, ?> object) throws IOException {
    Files.writeString(
        file, Json.canonical(object) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /**
   * What has been added since the last time, of a large file a part; a line in the making waits.
   */
  public List<Map<?, ?>> added() throws IOException {
    List<Map<?, ?>> objects = new ArrayList<>();
    if (!Files.exists(file) || Files.size(file) <= position) {
      return objects;
    }
    String text = text();
    String whole = text.substring(0, text.lastIndexOf('\n') + 1);
    position += whole.getBytes(StandardCharsets.UTF_8).length;
    for (String line : whole.split("\n", -1)) {
      if (!line.isEmpty()) {
        objects.add(Json.parse(line));
      }
    }
    return objects;
  }

  private String text() throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      byte[] bytes = new byte[(int) Math.min(MOST_BYTES, in.length() - position)];
      in.seek(position);
      in.readFully(bytes);
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }
}
