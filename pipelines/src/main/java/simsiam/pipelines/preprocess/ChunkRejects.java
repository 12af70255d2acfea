package simsiam.pipelines.preprocess;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import simsiam.model.file.CanonicalJson;
import simsiam.pipelines.beam.NewFile;

/**
 * The rejects of one chunk, as lines of {@code rejects.jsonl} in a temporary file, which is there
 * when the first has come.
 */
final class ChunkRejects implements AutoCloseable {
  private final String folder;
  private final Map<String, Long> byReason = new TreeMap<>();
  private Optional<NewFile> file = Optional.empty();
  private OutputStream out = OutputStream.nullOutputStream();

  /**
   * @param folder of temporary files
   */
  ChunkRejects(String folder) {
    this.folder = folder;
  }

  void add(Reject reject) throws IOException {
    if (file.isEmpty()) {
      // A name of this attempt's own: another one may be read already.
      file = Optional.of(NewFile.in(folder, "rejects-" + UUID.randomUUID()));
      out = new BufferedOutputStream(Files.newOutputStream(file.get().path()));
    }
    out.write((CanonicalJson.compact(reject) + "\n").getBytes(StandardCharsets.UTF_8));
    byReason.merge(reject.reason(), 1L, Long::sum);
  }

  /** How many there are of each reason. */
  Map<String, Long> byReason() {
    return byReason;
  }

  /** Ends the file; its name, if there were rejects. */
  Optional<String> commit() throws IOException {
    out.close();
    if (file.isPresent()) {
      file.get().publish();
    }
    return file.map(made -> made.path().getFileName().toString());
  }

  @Override
  public void close() throws IOException {
    out.close();
    file.ifPresent(NewFile::close);
  }
}
