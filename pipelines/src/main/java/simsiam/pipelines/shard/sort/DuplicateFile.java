package simsiam.pipelines.shard.sort;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import simsiam.pipelines.beam.NewFile;
import simsiam.pipelines.remote.Places;
import simsiam.pipelines.shard.keys.Duplicate;

/**
 * A temporary file of duplicates, in order.
 *
 * @param name in the folder of temporary files, which no other attempt uses
 */
public record DuplicateFile(String name, long rows) implements Serializable {
  /** Takes duplicates in order. */
  @FunctionalInterface
  public interface Receiver {
    void accept(Duplicate duplicate) throws IOException;
  }

  /** Fills a file. */
  @FunctionalInterface
  private interface Source {
    void to(Receiver receiver) throws IOException;
  }

  /**
   * Writes those of a run.
   *
   * @param folder of temporary files
   * @param duplicates in order
   */
  static DuplicateFile write(String folder, List<Duplicate> duplicates) throws IOException {
    return writeAll(
        folder,
        receiver -> {
          for (Duplicate duplicate : duplicates) {
            receiver.accept(duplicate);
          }
        });
  }

  private static DuplicateFile writeAll(String folder, Source source) throws IOException {
    String name = "duplicates-" + UUID.randomUUID();
    try (NewFile file = NewFile.in(folder, name)) {
      long[] rows = new long[1];
      try (DataOutputStream out =
          new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file.path())))) {
        source.to(
            duplicate -> {
              write(duplicate.dropped(), out);
              write(duplicate.kept(), out);
              rows[0]++;
            });
      }
      file.publish();
      return new DuplicateFile(name, rows[0]);
    }
  }

  private static void write(Duplicate.Copy copy, DataOutputStream out) throws IOException {
    out.writeUTF(copy.id());
    out.writeUTF(copy.split());
    out.writeInt(copy.label());
  }

  /**
   * All duplicates of several files, in order. Where there are more files than may be open, groups
   * of them are merged into one first.
   *
   * @param folder of temporary files
   * @param fanIn files that may be open at a time
   */
  public static void merge(String folder, List<DuplicateFile> files, int fanIn, Receiver receiver)
      throws IOException {
    List<DuplicateFile> all = files;
    while (all.size() > fanIn) {
      List<DuplicateFile> fewer = new ArrayList<>();
      for (int first = 0; first < all.size(); first += fanIn) {
        List<DuplicateFile> group = all.subList(first, Math.min(first + fanIn, all.size()));
        fewer.add(writeAll(folder, out -> SortedMerge.merge(inputs(folder, group), out::accept)));
      }
      all = fewer;
    }
    SortedMerge.merge(inputs(folder, all), receiver::accept);
  }

  private static List<SortedMerge.Input<Duplicate>> inputs(
      String folder, List<DuplicateFile> files) {
    Path path = Places.path(folder);
    return files.stream()
        .<SortedMerge.Input<Duplicate>>map(file -> () -> new Reader(path, file))
        .toList();
  }

  private static final class Reader implements SortedMerge.Rows<Duplicate> {
    private final DataInputStream in;
    private long left;
    private Duplicate current;

    Reader(Path folder, DuplicateFile file) throws IOException {
      left = file.rows();
      in =
          new DataInputStream(
              new BufferedInputStream(Files.newInputStream(folder.resolve(file.name()))));
    }

    @Override
    public boolean advance() throws IOException {
      if (left == 0) {
        return false;
      }
      current = new Duplicate(copy(), copy());
      left--;
      return true;
    }

    private Duplicate.Copy copy() throws IOException {
      return new Duplicate.Copy(in.readUTF(), in.readUTF(), in.readInt());
    }

    @Override
    public Duplicate current() {
      return current;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
