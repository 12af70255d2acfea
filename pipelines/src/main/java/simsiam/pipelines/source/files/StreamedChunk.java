package simsiam.pipelines.source.files;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Locale;
import java.util.NoSuchElementException;
import simsiam.model.config.Reason;
import simsiam.pipelines.remote.Places;
import simsiam.pipelines.source.archive.TarStream;
import simsiam.pipelines.source.digest.HeldFile;
import simsiam.pipelines.source.listing.SourceFile;
import simsiam.pipelines.source.listing.SourceFileForm;
import simsiam.pipelines.source.listing.SourceImage;
import simsiam.pipelines.source.listing.SourceSplit;
import simsiam.pipelines.spool.Sorting;
import simsiam.pipelines.spool.TextForm;

/**
 * Image files inside a compressed tar archive, read in one go in the order of the archive. As they
 * may be all of a large set, their names are in a file of their own.
 *
 * @param entries file of names and labels in the order of the archive, as in {@link Places}
 */
record StreamedChunk(SourceSplit split, HeldFile archive, String entries, int size)
    implements ArchiveChunk {
  /**
   * Makes the chunk of the images of a split.
   *
   * @param scratch existing folder for the names
   */
  static StreamedChunk of(
      SourceSplit split, HeldFile archive, Iterable<SourceFile> files, Path scratch) {
    Sorting<SourceFile> sorting =
        new Sorting<>(
            new SourceFileForm(Places.path(archive.path())),
            Comparator.comparingLong(file -> at(file).number()));
    files.forEach(sorting::add);
    String name = split.name().toLowerCase(Locale.ROOT) + ".entries";
    Path entries = scratch.toAbsolutePath().resolve(name);
    int size = 0;
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(entries)))) {
      for (Iterator<SourceFile> sorted = sorting.iterator(); sorted.hasNext(); size++) {
        SourceFile file = sorted.next();
        TextForm.TEXT.write(file.name(), out);
        out.writeInt(file.label());
        TextForm.TEXT.write(at(file).entry(), out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write %s: %s".formatted(entries, Reason.of(e)), e);
    }
    return new StreamedChunk(split, archive, entries.toString(), size);
  }

  private static SourceFile.Streamed at(SourceFile file) {
    return (SourceFile.Streamed) file.at();
  }

  /**
   * An image.
   *
   * @param name of its file in the archive, as written
   */
  private record Entry(String id, int label, String name) {}

  private Iterator<Entry> read(DataInputStream in) {
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return next < size;
      }

      @Override
      public Entry next() {
        if (next == size) {
          throw new NoSuchElementException();
        }
        next++;
        try {
          return new Entry(TextForm.TEXT.read(in), in.readInt(), TextForm.TEXT.read(in));
        } catch (IOException e) {
          throw new UncheckedIOException("Cannot read %s: %s".formatted(entries, Reason.of(e)), e);
        }
      }
    };
  }

  @Override
  public int read(Path path, Receiver receiver) throws IOException {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(Places.path(entries))))) {
      TarStream.read(
          path,
          read(in),
          Entry::name,
          (entry, content, problem) ->
              receiver.accept(
                  content == null
                      ? SourceImage.Unreadable.tooLarge(entry.id(), entry.label(), problem)
                      : new SourceImage.Encoded(entry.id(), entry.label(), content)));
    }
    return size;
  }
}
