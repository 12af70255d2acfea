package simsiam.pipelines.source.folders;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import simsiam.model.file.Sha256;
import simsiam.pipelines.beam.SharedFolder;
import simsiam.pipelines.beam.SharedRecords;
import simsiam.pipelines.source.SourceChunk;
import simsiam.pipelines.source.digest.DigestCache;
import simsiam.pipelines.source.digest.SourceContents;
import simsiam.pipelines.source.digest.SourceDigest;
import simsiam.pipelines.source.listing.SourceListing;
import simsiam.pipelines.source.tables.ImageList;

/** Sets of which neither the names nor the digests are in memory at once. */
class SmallHeapTest {
  private static final int CLASSES = 100;

  @TempDir private Path work;

  /**
   * A made-up set.
   *
   * @param kind {@code folders}, {@code list}, {@code gone}, which is a list of images that are not
   *     there but for one of each class, or {@code archive}, which is at {@code work/set}
   */
  private static FolderSource source(String kind, Path work, int ofClass) {
    if (kind.equals("archive")) {
      return new FolderSource("image_folder", new ClassFolders(work.resolve("set")), 0);
    }
    Path root = new MadeUpTree(CLASSES, ofClass, () -> rows(kind, ofClass)).root();
    return kind.equals("folders")
        ? new FolderSource("image_folder", new ClassFolders(root), 0)
        : new FolderSource("image_list", new ImageList(root.resolve("list.csv")), 0);
  }

  private static InputStream rows(String kind, int ofClass) {
    String prefix = kind.equals("gone") ? "gone/" : "";
    List<String> classes = sorted(CLASSES, "class-%s");
    Stream<String> rows =
        sorted(ofClass, "image-%s.jpg").stream()
            .flatMap(image -> classes.stream().map(name -> name + "/" + image + "," + name + "\n"))
            .map(row -> row.contains("/image-0.jpg") ? row : prefix + row);
    Iterator<String> lines = Stream.concat(Stream.of("path,label\n"), rows).iterator();
    return new InputStream() {
      private ByteBuffer line = ByteBuffer.allocate(0);

      @Override
      public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
      }

      @Override
      public int read(byte[] target, int offset, int length) {
        if (!line.hasRemaining()) {
          if (!lines.hasNext()) {
            return -1;
          }
          line = ByteBuffer.wrap(lines.next().getBytes(StandardCharsets.UTF_8));
        }
        int n = Math.min(length, line.remaining());
        line.get(target, offset, n);
        return n;
      }
    };
  }

  /** Lists, hashes, looks again and writes the tasks, as a run does; prints what it has found. */
  public static void main(String[] arguments) throws IOException {
    String kind = arguments[0];
    Path work = Path.of(arguments[1]);
    int ofClass = Integer.parseInt(arguments[2]);
    FolderSource source = source(kind, work, ofClass);
    SourceListing listing = source.listing();
    DigestCache first = DigestCache.open(work.resolve("digests"));
    SourceContents contents = source.contents(first);
    first.save();
    FolderSource again = source(kind, work, ofClass);
    SourceContents later = again.contents(DigestCache.open(work.resolve("digests")));
    SharedRecords<SourceChunk> tasks =
        SharedRecords.write(
            SharedFolder.mark(work), "tasks", SourceChunk.class, source.chunks(work, contents));
    int read = 0;
    if (tasks.count() == 1) { // whose worker has as much to remember
      int[] images = new int[1];
      tasks.read(0).read(image -> images[0]++);
      read = images[0];
    }
    System.out.printf(
        "%s images, %s skipped, %s, %s, %s tasks, %s read%n",
        listing.splits().get(0).images().getAsLong(),
        listing.skipped().size(),
        contents.digest(),
        contents.changesUntil(later, 3).orElse("unchanged"),
        tasks.count(),
        read);
  }

  private String run(String kind, int ofClass, String heap) throws Exception {
    Path output = work.resolve("output");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                SmallHeapTest.class.getName(),
                kind,
                work.toString(),
                String.valueOf(ofClass))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    process.waitFor();
    List<String> lines = Files.readAllLines(output);
    return lines.get(lines.size() - 1);
  }

  /** The digest by its definition: of the sorted names, one of each class in turn. */
  private static String expected(String kind, int ofClass) {
    List<String> classes = sorted(CLASSES, "class-%s");
    List<String> images = sorted(ofClass, "image-%s.jpg");
    MessageDigest listed = Sha256.digest();
    MessageDigest contents = Sha256.digest();
    SourceDigest.add(listed, "UNSPLIT");
    for (String image : images) {
      for (int label = 0; label < CLASSES; label++) {
        String name = classes.get(label) + "/" + image;
        SourceDigest.add(listed, name);
        SourceDigest.add(listed, String.valueOf(label));
        SourceDigest.add(listed, String.valueOf("/set/".length() + name.length()));
        byte[] content = ("/set/" + name).getBytes(StandardCharsets.UTF_8);
        SourceDigest.add(contents, Sha256.hex(Sha256.digest().digest(content)));
      }
    }
    MessageDigest split = Sha256.digest();
    SourceDigest.add(split, Sha256.hex(listed.digest()));
    SourceDigest.add(split, Sha256.hex(contents.digest()));
    return SourceDigest.of(kind, classes, List.of(Sha256.hex(split.digest())));
  }

  private static List<String> sorted(int count, String name) {
    return IntStream.range(0, count).mapToObj(name::formatted).sorted().toList();
  }

  @Test
  void aMillionFilesAreListedHashedAndCutInAHeapOf64Megabytes() throws Exception {
    int ofClass = 10_000;

    assertThat(run("folders", ofClass, "64m"))
        .isEqualTo(
            "1000000 images, 0 skipped, %s, unchanged, 7813 tasks, 0 read"
                .formatted(expected("image_folder", ofClass)));
  }

  @Test
  void soAreTheRowsOfAList() throws Exception {
    int ofClass = 2_000;

    assertThat(run("list", ofClass, "64m"))
        .isEqualTo(
            "200000 images, 0 skipped, %s, unchanged, 1563 tasks, 0 read"
                .formatted(expected("image_list", ofClass)));
  }

  @Test
  void soAreRowsWhoseImagesAreNotThere() throws Exception {
    assertThat(run("gone", 2_000, "64m"))
        .matches("100 images, 0 skipped, [0-9a-f]{64}, unchanged, 21 tasks, 0 read");
  }

  /** A compressed tar is one task, which the worker that reads it has no more room for. */
  @ParameterizedTest
  @CsvSource({"tar, 782 tasks, 0", "zip, 782 tasks, 0", "tar.gz, 1 tasks, 100000"})
  void soAreTheFilesOfAnArchive(String format, String tasks, int read) throws Exception {
    int ofClass = 1_000;
    MadeUpArchive.write(
        work.resolve("set"), format, sorted(CLASSES, "class-%s"), sorted(ofClass, "image-%s.jpg"));

    assertThat(run("archive", ofClass, "64m"))
        .isEqualTo(
            "100000 images, 33400 skipped, %s, unchanged, %s, %s read"
                .formatted(expected("image_folder", ofClass), tasks, read));
  }
}
