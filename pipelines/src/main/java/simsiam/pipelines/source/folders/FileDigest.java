package simsiam.pipelines.source.folders;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
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
import simsiam.pipelines.source.listing.SourceSplit;

/**
 * Digest of the image files of a split: names, labels, sizes and content, the same whether the
 * files lie on disk or in an archive.
 */
final class FileDigest {
  /** Files that a thread reads at a time. */
  private static final int TOGETHER = 64;

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
    record Read(SourceFile file, String sha256) {}
    MessageDigest names = names(split);
    MessageDigest contents = Sha256.digest();
    InOrder.forEach(
        files.iterator(),
        TOGETHER,
        file -> new Read(file, cache.of(file.path()).sha256()),
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
          archive, cache.of(archive, listed, () -> packed(archive, list(files))), listed, items);
    }
    Path archive = ((SourceFile.Streamed) files.iterator().next().at()).archive();
    return archive(
        archive, cache.of(archive, listed, () -> streamed(archive, list(files))), listed, items);
  }

  private static List<SourceFile> list(Iterable<SourceFile> files) {
    List<SourceFile> list = new ArrayList<>();
    files.forEach(list::add);
    return list;
  }

  private static String archive(
      Path archive, DigestCache.Known known, String listed, Consumer<SourceContents.Item> items) {
    String name = archive.getFileName().toString();
    items.accept(
        new SourceContents.ManyImagesItem(
            name, archive.toString(), listed + known.sha256(), known.stamp()));
    return known.sha256();
  }

  /** Content is read in the order of the archive. */
  private static String packed(Path archive, List<SourceFile> files) {
    String[] digests = new String[files.size()];
    List<Integer> order =
        IntStream.range(0, digests.length)
            .boxed()
            .sorted(Comparator.comparingLong(i -> at(files.get(i)).offset()))
            .toList();
    InOrder.forEach(
        IntStream.iterate(0, i -> i < order.size(), i -> i + TOGETHER).iterator(),
        1,
        first -> {
          List<Integer> some = order.subList(first, Math.min(order.size(), first + TOGETHER));
          try (SeekableByteChannel channel = Files.newByteChannel(archive)) {
            for (int i : some) {
              digests[i] = packed(channel, files.get(i));
            }
            return some.size();
          } catch (IOException e) {
            throw new UncheckedIOException(
                "Cannot read %s: %s".formatted(archive, Reason.of(e)), e);
          }
        },
        done -> {});
    return joined(digests);
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

  private static String streamed(Path archive, List<SourceFile> files) {
    String[] digests = new String[files.size()];
    try {
      TarStream.read(
          archive,
          files,
          (position, content, problem) ->
              digests[position] =
                  ContentDigest.of(
                      content == null ? problem.getBytes(StandardCharsets.UTF_8) : content));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read %s: %s".formatted(archive, Reason.of(e)), e);
    }
    return joined(digests);
  }

  private static String joined(String... digests) {
    MessageDigest digest = Sha256.digest();
    for (String one : digests) {
      SourceDigest.add(digest, one);
    }
    return Sha256.hex(digest.digest());
  }
}
