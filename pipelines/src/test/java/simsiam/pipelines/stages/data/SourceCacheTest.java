package simsiam.pipelines.stages.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.config.load.ConfigLoader;
import simsiam.pipelines.source.Fixtures;

/** Digests of a data set, with what an earlier look has left in the workspace. */
class SourceCacheTest {
  private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));

  @TempDir private Path folder;
  @TempDir private Path cache;

  private String digest(String source, Path path) throws IOException {
    RunConfig config =
        new ConfigLoader(Optional.empty())
            .load(
                Path.of("..", "conf", "base.yaml"),
                List.of("dataset.source=" + source, "dataset.path=" + path))
            .config();
    return new PreprocessStage().sourceDigest(config, LookContext.here(cache)).orElseThrow();
  }

  private static Path write(Path file, byte[] content) throws IOException {
    Fixtures.write(file, content);
    return Files.setLastModifiedTime(file, LONG_AGO);
  }

  private static Path write(Path file, String content) throws IOException {
    return write(file, content.getBytes(StandardCharsets.UTF_8));
  }

  private Path classFolders() throws IOException {
    Path images = folder.resolve("images");
    write(images.resolve("cat/1.png"), "one");
    write(images.resolve("dog/2.png"), "two");
    write(images.resolve("cat/3.png"), "three");
    return images;
  }

  /** Batches of one black image; the labels count up from the first. */
  private Path cifar(String name, int firstLabel) throws IOException {
    Path batches = folder.resolve(name);
    for (int i = 0; i < Fixtures.CIFAR10_BATCHES.size(); i++) {
      byte[] record = new byte[3073];
      record[0] = (byte) (firstLabel + i);
      write(batches.resolve(Fixtures.CIFAR10_BATCHES.get(i)), record);
    }
    return batches;
  }

  /** Files must have been left alone for a while before their digests are remembered. */
  private static void settle() throws InterruptedException {
    Thread.sleep(2_100);
  }

  @Test
  void areThoseOfTheFirstRelease() throws IOException {
    // From their definition by a program of its own: runs of years must be found again.
    assertThat(digest("image_folder", classFolders()))
        .isEqualTo("d2d15c06bdbd42c77f1efb2bcb324c8f4207983501d5a4ddb967e85659c82d9f");
    assertThat(digest("cifar10", cifar("batches", 0)))
        .isEqualTo("8f1991248803a4e3b266ad6eebf33b1ce2d8d27559e1dcb1ebe8cd8d1b4e5816");
  }

  @Test
  void aLinkTurnedToAnotherFolderOfTheSameSizesAndTimesIsAnotherSet() throws Exception {
    Path first = cifar("first", 0);
    Path second = cifar("second", 4);
    Path link = Files.createSymbolicLink(folder.resolve("current"), first);
    settle();
    assertThat(digest("cifar10", link)).isEqualTo(digest("cifar10", first));

    Files.move(
        Files.createSymbolicLink(folder.resolve("next"), second),
        link,
        StandardCopyOption.ATOMIC_MOVE);

    assertThat(digest("cifar10", link))
        .isEqualTo(digest("cifar10", second))
        .isNotEqualTo(digest("cifar10", first));
  }

  @Test
  void aLinkOfAnImageTurnedToAnotherOfTheSameSizeAndTimeIsAnotherSet() throws Exception {
    Path images = classFolders();
    Path link = images.resolve("dog/4.png");
    Files.createSymbolicLink(link, write(folder.resolve("a.png"), "aaaa"));
    Path other = write(folder.resolve("b.png"), "bbbb");
    settle();
    String before = digest("image_folder", images);

    Files.delete(link);
    Files.createSymbolicLink(link, other);

    assertThat(digest("image_folder", images)).isNotEqualTo(before);
  }

  @Test
  void aFileRewrittenInTheSameSizeAndGivenItsOldTimeIsAnotherSet() throws Exception {
    Path images = classFolders();
    settle();
    String before = digest("image_folder", images);

    write(images.resolve("dog/2.png"), "2wo");
    String written = digest("image_folder", images);
    Path replacement = write(folder.resolve("replacement"), "t2o");
    Files.move(replacement, images.resolve("dog/2.png"), StandardCopyOption.REPLACE_EXISTING);

    assertThat(written).isNotEqualTo(before);
    assertThat(digest("image_folder", images)).isNotEqualTo(written).isNotEqualTo(before);
  }

  @Test
  void aFileRewrittenWhileItsTimesStandStillIsAnotherSet() throws Exception {
    Path images = classFolders();
    String before = digest("image_folder", images);
    for (int i = 0; i < 50; i++) {
      write(images.resolve("dog/2.png"), i % 2 == 0 ? "2wo" : "two");

      if (i % 2 == 0) {
        assertThat(digest("image_folder", images)).isNotEqualTo(before);
      } else {
        assertThat(digest("image_folder", images)).isEqualTo(before);
      }
    }
  }

  @Test
  void whatAnEarlierReleaseRememberedIsReadAnew() throws Exception {
    Path images = classFolders();
    StringBuilder lines = new StringBuilder();
    for (String name : List.of("cat/1.png", "cat/3.png", "dog/2.png")) {
      Path file = images.resolve(name);
      lines.append(
          "%s %s %s %s\n"
              .formatted("0".repeat(64), Files.size(file), LONG_AGO.toMillis() * 1_000_000, file));
    }
    Files.writeString(cache.resolve("source-digests"), lines);

    assertThat(digest("image_folder", images))
        .isEqualTo("d2d15c06bdbd42c77f1efb2bcb324c8f4207983501d5a4ddb967e85659c82d9f");
  }
}
