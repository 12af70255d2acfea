package simsiam.pipelines.stage.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import simsiam.pipelines.result.StageReport;
import simsiam.pipelines.stage.Fingerprint;
import simsiam.pipelines.stage.store.SuccessRecord.OutputFile;

/** The files of a stage's folder, as a whole. */
public final class OutputFiles {
  private static final int BUFFER_BYTES = 1 << 20;

  private OutputFiles() {}

  /**
   * Digests every file of the stage's own, after forcing it to disk.
   *
   * @param written digests that are known, whose files are not read again
   */
  public static SortedMap<String, OutputFile> seal(Path folder, WrittenFiles written)
      throws IOException {
    SortedMap<String, OutputFile> sealed = new TreeMap<>();
    for (Path file : list(folder)) {
      String name = folder.relativize(file).toString();
      if (name.equals(StageReport.FILE_NAME)) {
        continue; // derived from the other files
      }
      if (Files.isRegularFile(file) && !name.equals(StageFolder.INPUTS)) {
        sealed.put(name, sealFile(file, written.unchanged(folder, name)));
      } else if (Files.isDirectory(file)) {
        sync(file);
      }
    }
    return sealed;
  }

  private static OutputFile sealFile(Path file, Optional<OutputFile> known) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      channel.force(true);
      return known.isPresent() ? known.get() : digest(channel);
    }
  }

  private static OutputFile digest(FileChannel channel) throws IOException {
    MessageDigest digest = Fingerprint.sha256();
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    long bytes = 0;
    while (channel.read(buffer.clear()) >= 0) {
      bytes += buffer.position();
      digest.update(buffer.flip());
    }
    return new OutputFile(bytes, Fingerprint.hex(digest.digest()));
  }

  /** What is wrong with a committed output when every byte is read. */
  public static Optional<String> anyDamage(Path folder, Map<String, OutputFile> files)
      throws IOException {
    Optional<String> atAGlance = damage(folder, files);
    if (atAGlance.isPresent()) {
      return atAGlance;
    }
    for (Map.Entry<String, OutputFile> entry : files.entrySet()) {
      Path file = folder.resolve(entry.getKey());
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
        if (!digest(channel).equals(entry.getValue())) {
          return Optional.of(file + " has other bytes than were written");
        }
      }
    }
    return Optional.empty();
  }

  /** What is wrong with a committed output at a glance: files missing or of another length. */
  static Optional<String> damage(Path folder, Map<String, OutputFile> files) {
    for (Map.Entry<String, OutputFile> entry : files.entrySet()) {
      Path file = folder.resolve(entry.getKey());
      try {
        long bytes = Files.size(file);
        if (bytes != entry.getValue().bytes()) {
          return Optional.of(
              String.format(
                  "%s has %s bytes instead of %s", file, bytes, entry.getValue().bytes()));
        }
      } catch (IOException e) {
        return Optional.of(file + " is missing");
      }
    }
    return Optional.empty();
  }

  /** Makes the names in a folder survive a power cut. */
  static void sync(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Everything in the folder and itself, what is inside a folder before the folder. */
  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.sorted(Comparator.reverseOrder()).toList();
    }
  }
}
