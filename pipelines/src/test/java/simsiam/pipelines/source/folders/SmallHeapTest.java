package simsiam.pipelines.source.folders;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.file.Sha256;
import simsiam.pipelines.beam.SharedFolder;
import simsiam.pipelines.beam.SharedRecords;
import simsiam.pipelines.source.SourceChunk;
import simsiam.pipelines.source.digest.DigestCache;
import simsiam.pipelines.source.digest.SourceContents;
import simsiam.pipelines.source.digest.SourceDigest;
import simsiam.pipelines.source.listing.SourceListing;

/** A set of which neither the names nor the digests are in memory at once. */
class SmallHeapTest {
  private static final int CLASSES = 100;

  @TempDir private Path work;

  private static FolderSource source(int ofClass) {
    return new FolderSource(
        "image_folder", new ClassFolders(new MadeUpTree(CLASSES, ofClass).root()), 0);
  }

  /** Lists, hashes, looks again and writes the tasks, as a run does; prints what it has found. */
  public static void main(String[] arguments) throws IOException {
    Path work = Path.of(arguments[0]);
    int ofClass = Integer.parseInt(arguments[1]);
    FolderSource source = source(ofClass);
    SourceListing listing = source.listing();
    DigestCache first = DigestCache.open(work.resolve("digests"));
    SourceContents contents = source.contents(first);
    first.save();
    FolderSource again = source(ofClass);
    SourceContents later = again.contents(DigestCache.open(work.resolve("digests")));
    SharedRecords<SourceChunk> tasks =
        SharedRecords.write(
            SharedFolder.mark(work), "tasks", SourceChunk.class, source.chunks(work, contents));
    System.out.printf(
        "%s images, %s, %s, %s tasks%n",
        listing.splits().get(0).images().getAsLong(),
        contents.digest(),
        contents.changesUntil(later, 3).orElse("unchanged"),
        tasks.count());
  }

  private static String run(Path work, int ofClass, String heap) throws Exception {
    Path output = work.resolve("output");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                SmallHeapTest.class.getName(),
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
  private static String expected(int ofClass) {
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
    return SourceDigest.of("image_folder", classes, List.of(Sha256.hex(split.digest())));
  }

  private static List<String> sorted(int count, String name) {
    return IntStream.range(0, count).mapToObj(name::formatted).sorted().toList();
  }

  @Test
  void aMillionFilesAreListedHashedAndCutInAHeapOf64Megabytes() throws Exception {
    int ofClass = 10_000;

    assertThat(run(work, ofClass, "64m"))
        .isEqualTo("1000000 images, %s, unchanged, 7813 tasks".formatted(expected(ofClass)));
  }
}
