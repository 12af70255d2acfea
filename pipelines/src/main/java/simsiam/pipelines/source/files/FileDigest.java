package simsiam.pipelines.source.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Iterator;
import java.util.function.Consumer;
import simsiam.model.config.Reason;
import simsiam.model.file.Sha256;
import simsiam.pipelines.source.archive.TarStream;
import simsiam.pipelines.source.digest.ContentDigest;
import simsiam.pipelines.source.digest.DigestCache;
import simsiam.pipelines.source.digest.InOrder;
import simsiam.pipelines.source.digest.SourceContents;
import simsiam.pipelines.source.digest.SourceDigest;
import simsiam.pipelines.source.listing.SourceFile;
import simsiam.pipelines.source.listing.SourceSplit;
import simsiam.pipelines.spool.SpooledList;
import simsiam.pipelines.spool.TextForm;

/**
 * Digest of the image files of a split: names, labels, sizes and content, the same whether the
 * files lie on disk or in an archive.
 */
public final class FileDigest {
  /** Files that a thread reads at a time. */
  private static final int TOGETHER = 64;

  private FileDigest() {}

  /**
   * The digest of a split.
   *
   * @param items takes the files that images are read from
   */
  public static String of(
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
          archive,
          cache.ofPart(archive, listed, () -> new PackedPart(archive, files)),
          listed,
          items);
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

  private static String streamed(Path archive, Iterable<SourceFile> files) {
    InArchiveOrder order = new InArchiveOrder(archive, files, file -> at(file).number());
    SpooledList.Builder<String> digests = SpooledList.builder(TextForm.TEXT);
    try {
      TarStream.read(
          archive,
          order.files(),
          file -> at(file).entry(),
          (file, content, problem) ->
              digests.add(
                  ContentDigest.of(
                      content == null ? problem.getBytes(StandardCharsets.UTF_8) : content)));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read %s: %s".formatted(archive, Reason.of(e)), e);
    }
    return order.joined(digests.build());
  }

  private static SourceFile.Streamed at(SourceFile file) {
    return (SourceFile.Streamed) file.at();
  }

  private static String joined(String... digests) {
    MessageDigest digest = Sha256.digest();
    for (String one : digests) {
      SourceDigest.add(digest, one);
    }
    return Sha256.hex(digest.digest());
  }
}
