package simsiam.pipelines.source.folders;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import simsiam.model.config.Reason;
import simsiam.model.file.Sha256;
import simsiam.pipelines.remote.StoreException;
import simsiam.pipelines.source.archive.PackedBytes;
import simsiam.pipelines.source.archive.TarStream;
import simsiam.pipelines.source.digest.ContentDigest;
import simsiam.pipelines.source.digest.DigestCache;
import simsiam.pipelines.source.digest.InOrder;
import simsiam.pipelines.source.digest.SourceContents;
import simsiam.pipelines.source.digest.SourceDigest;
import simsiam.pipelines.source.listing.SourceFile;
import simsiam.pipelines.source.listing.SourceFileForm;
import simsiam.pipelines.source.listing.SourceSplit;
import simsiam.pipelines.source.spool.Sorting;
import simsiam.pipelines.source.spool.SpooledList;

/**
 * Digest of the image files of a split: names, labels, sizes and content, the same whether the
 * files lie on disk or in an archive.
 */
final class FileDigest {
  /** Files that a thread reads at a time. */
  private static final int TOGETHER = 64;

  private static final int SHA256_BYTES = 32;

  private FileDigest() {}

  /**
   * The digest of a split.
   *
   * @param items takes the files that images are read from
   */
  static String of(
      SourceSplit split,
      Iterable<SourceFile> files,
      DigestCache cache,
      Consumer<SourceContents.Item> items) {
    Iterator<SourceFile> all = files.iterator();
    if (all.hasNext() && all.next().at() instanceof SourceFile.OnDisk) {
      return onDisk(split, files, cache, items);
    }
    MessageDigest names = names(split);
    files.forEach(file -> add(names, file));
    String listed = Sha256.hex(names.digest());
    return joined(listed, contents(listed, files, cache, items));
  }

  private static MessageDigest names(SourceSplit split) {
    MessageDigest names = Sha256.digest();
    SourceDigest.add(names, split.name());
    return names;
  }

  private static void add(MessageDigest names, SourceFile file) {
    SourceDigest.add(names, file.name());
    SourceDigest.add(names, String.valueOf(file.label()));
    SourceDigest.add(names, String.valueOf(file.bytes()));
  }

  /** Names and contents in one go: a long list is not cheap to go through. */
  private static String onDisk(
      SourceSplit split,
      Iterable<SourceFile> files,
      DigestCache cache,
      Consumer<SourceContents.Item> items) {
    record Hashed(SourceFile file, String sha256) {}
    MessageDigest names = names(split);
    MessageDigest contents = Sha256.digest();
    InOrder.forEach(
        files.iterator(),
        TOGETHER,
        file -> new Hashed(file, cache.of(file.path()).sha256()),
        read -> {
          SourceFile file = read.file();
          add(names, file);
          SourceDigest.add(contents, read.sha256());
          items.accept(
              new SourceContents.ImageItem(split, file.name(), file.label(), read.sha256()));
        });
    return joined(Sha256.hex(names.digest()), Sha256.hex(contents.digest()));
  }

  private static String contents(
      String listed,
      Iterable<SourceFile> files,
      DigestCache cache,
      Consumer<SourceContents.Item> items) {
    Iterator<SourceFile> all = files.iterator();
    if (!all.hasNext()) {
      return "";
    }
    if (all.next().at() instanceof SourceFile.Packed packed) {
      Path archive = packed.archive();
      return archive(
          archive, cache.of(archive, listed, () -> packed(archive, files)), listed, items);
    }
    Path archive = ((SourceFile.Streamed) files.iterator().next().at()).archive();
    return archive(
        archive, cache.of(archive, listed, () -> streamed(archive, files)), listed, items);
  }

  private static String archive(
      Path archive, DigestCache.Known known, String listed, Consumer<SourceContents.Item> items) {
    String name = archive.getFileName().toString();
    items.accept(
        new SourceContents.ManyImagesItem(
            name, archive.toString(), listed + known.sha256(), known.stamp()));
    return known.sha256();
  }

  /** The digest of a file, and its place in the list of files. */
  private record Read(int position, String sha256) {
    static final SpooledList.Form<Read> FORM =
        new SpooledList.Form<>() {
          @Override
          public void write(Read read, DataOutput out) throws IOException {
            out.writeInt(read.position());
            out.write(HexFormat.of().parseHex(read.sha256()));
          }

          @Override
          public Read read(DataInput in) throws IOException {
            int position = in.readInt();
            byte[] sha256 = new byte[SHA256_BYTES];
            in.readFully(sha256);
            return new Read(position, HexFormat.of().formatHex(sha256));
          }
        };

    static Sorting<Read> sorting() {
      return new Sorting<>(FORM, Comparator.comparingInt(Read::position));
    }
  }

  /** A file to be read, and its place in the list of files. */
  private record Wanted(int position, SourceFile file) {
    /** In the order of the archive, where all lie. */
    static Iterator<Wanted> sorted(
        Path archive, Iterable<SourceFile> files, ToLongFunction<SourceFile> at) {
      SourceFileForm form = new SourceFileForm(archive);
      SpooledList.Form<Wanted> wanted =
          new SpooledList.Form<>() {
            @Override
            public void write(Wanted value, DataOutput out) throws IOException {
              out.writeInt(value.position());
              form.write(value.file(), out);
            }

            @Override
            public Wanted read(DataInput in) throws IOException {
              return new Wanted(in.readInt(), form.read(in));
            }
          };
      Sorting<Wanted> sorting =
          new Sorting<>(wanted, Comparator.comparingLong(value -> at.applyAsLong(value.file())));
      int position = 0;
      for (SourceFile file : files) {
        sorting.add(new Wanted(position++, file));
      }
      return sorting.iterator();
    }
  }

  /** Content is read in the order of the archive. */
  private static String packed(Path archive, Iterable<SourceFile> files) {
    Iterator<Wanted> sorted = Wanted.sorted(archive, files, file -> at(file).offset());
    Iterator<List<Wanted>> together =
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            return sorted.hasNext();
          }

          @Override
          public List<Wanted> next() {
            List<Wanted> some = new ArrayList<>();
            do {
              some.add(sorted.next());
            } while (sorted.hasNext() && some.size() < TOGETHER);
            return some;
          }
        };
    Sorting<Read> digests = Read.sorting();
    InOrder.forEach(together, 1, some -> packed(archive, some), done -> done.forEach(digests::add));
    return joined(digests);
  }

  private static List<Read> packed(Path archive, List<Wanted> some) {
    List<Read> done = new ArrayList<>();
    try (SeekableByteChannel channel = Files.newByteChannel(archive)) {
      for (Wanted wanted : some) {
        done.add(new Read(wanted.position(), packed(channel, wanted.file())));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read %s: %s".formatted(archive, Reason.of(e)), e);
    }
    return done;
  }

  /** A file that cannot be read is rejected by itself later: here its message stands for it. */
  private static String packed(SeekableByteChannel channel, SourceFile file) throws IOException {
    try {
      return ContentDigest.of(PackedBytes.read(channel, at(file), file.bytes()));
    } catch (StoreException e) {
      throw e;
    } catch (IOException e) {
      return ContentDigest.of(String.valueOf(e.getMessage()).getBytes(StandardCharsets.UTF_8));
    }
  }

  private static SourceFile.Packed at(SourceFile file) {
    return (SourceFile.Packed) file.at();
  }

  private static String streamed(Path archive, Iterable<SourceFile> files) {
    Sorting<Read> digests = Read.sorting();
    try {
      TarStream.read(
          archive,
          Wanted.sorted(archive, files, file -> streamed(file).number()),
          wanted -> streamed(wanted.file()).entry(),
          (wanted, content, problem) ->
              digests.add(
                  new Read(
                      wanted.position(),
                      ContentDigest.of(
                          content == null ? problem.getBytes(StandardCharsets.UTF_8) : content))));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read %s: %s".formatted(archive, Reason.of(e)), e);
    }
    return joined(digests);
  }

  private static SourceFile.Streamed streamed(SourceFile file) {
    return (SourceFile.Streamed) file.at();
  }

  private static String joined(Sorting<Read> digests) {
    MessageDigest digest = Sha256.digest();
    digests.iterator().forEachRemaining(read -> SourceDigest.add(digest, read.sha256()));
    return Sha256.hex(digest.digest());
  }

  private static String joined(String... digests) {
    MessageDigest digest = Sha256.digest();
    for (String one : digests) {
      SourceDigest.add(digest, one);
    }
    return Sha256.hex(digest.digest());
  }
}
