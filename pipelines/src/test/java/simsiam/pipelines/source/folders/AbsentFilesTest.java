package simsiam.pipelines.source.folders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.config.InvalidConfigException;
import simsiam.pipelines.source.Fixtures;
import simsiam.pipelines.source.ImageSource;
import simsiam.pipelines.source.SourceReading;
import simsiam.pipelines.source.digest.DigestCache;
import simsiam.pipelines.source.listing.SourceImage;
import simsiam.pipelines.source.listing.SourceListing;

/** Names in folders of images without a file that could be read. */
class AbsentFilesTest {
  @TempDir Path root;
  @TempDir Path scratch;

  @Test
  void imagesThatAreNotThereAreHandedOverAsSuch() throws Exception {
    files("cat/a.png", "dog/b.png");
    String before = digest();
    Files.createSymbolicLink(root.resolve("cat/gone.png"), Path.of("../away.png"));
    Files.createSymbolicLink(root.resolve("dog/self.png"), Path.of("self.png"));
    Files.createSymbolicLink(root.resolve("dog/b2.png"), Path.of("b.png"));
    new ProcessBuilder("mkfifo", root.resolve("dog/pipe.png").toString()).start().waitFor();

    assertThat(SourceReading.rows(classes(0), scratch))
        .filteredOn(row -> row.image() instanceof SourceImage.Unreadable)
        .extracting(row -> (SourceImage.Unreadable) row.image())
        .containsExactly(
            new SourceImage.Unreadable(
                "cat/gone.png",
                0,
                "missing",
                "Cannot read image: expected a file, got a link to ../away.png, which leads nowhere"
                    + " (cat/gone.png)"),
            new SourceImage.Unreadable(
                "dog/pipe.png",
                1,
                "no_file",
                "Cannot read image: expected a file, got a device, pipe or socket (dog/pipe.png)"),
            new SourceImage.Unreadable(
                "dog/self.png",
                1,
                "missing",
                "Cannot read image: expected a file, got a link to self.png, which leads nowhere"
                    + " (dog/self.png)"));
    assertThat(SourceReading.rows(classes(0), scratch)).hasSize(6);
    SourceListing.Split split = classes(0).listing().splits().get(0);
    assertThat(split.images()).hasValue(3);
    assertThat(split.classCounts()).containsExactly(1L, 2L);
    assertThat(split.missing()).hasSize(3);
    String with = digest();
    Files.delete(root.resolve("cat/gone.png"));
    assertThat(digest()).isNotEqualTo(with).isNotEqualTo(before);
    for (String name : List.of("dog/self.png", "dog/b2.png", "dog/pipe.png")) {
      Files.delete(root.resolve(name));
    }
    assertThat(digest()).isEqualTo(before);
  }

  @Test
  void aFileThatMayNotBeReadIsHandedOverAsSuch() throws IOException {
    files("cat/a.png", "dog/b.png");
    Path locked = root.resolve("cat/a.png");
    Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("---------"));
    assumeFalse(Files.isReadable(locked), "this user may read everything");

    assertThat(classes(0).listing().missing())
        .containsExactly(
            new SourceImage.Unreadable(
                "cat/a.png",
                0,
                "no_access",
                "Cannot read image: expected a file, got one that this user may not read"
                    + " (cat/a.png)"));
  }

  @Test
  void aLinkThatLeadsNowhereBesideClassesMayBeAClass() throws IOException {
    files("cat/a.png", "dog/b.png");
    Path link = Files.createSymbolicLink(root.resolve("emu"), root.resolve("unmounted/emu"));

    assertProblem(
        "expected folders and files, got a link to %s, which leads nowhere (%s)"
            .formatted(root.resolve("unmounted/emu"), link));
  }

  @Test
  void aRootWithADotIsNotHidden() {
    Path hidden = root.resolve(".images");
    Fixtures.write(hidden.resolve("a.png"), new byte[] {1});

    ImageSource source = new FolderSource("unlabelled_folder", new UnlabelledFiles(hidden), 0);
    assertThat(source.listing().splits().get(0).images()).hasValue(1);
  }

  @Test
  void namesALoopOfLinks() throws IOException {
    files("cat/a.png", "dog/b.png");
    Files.createSymbolicLink(root.resolve("cat/loop"), root.resolve("cat"));

    assertThatThrownBy(() -> classes(0).check())
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageStartingWith(
            "Invalid dataset.path: expected a folder that can be read, got"
                + " a circle of links (");
  }

  @Test
  void namesAFolderThatMayNotBeRead() throws IOException {
    files("cat/a.png", "dog/b.png");
    Path locked = root.resolve("cat");
    Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("---------"));
    try {
      assumeFalse(Files.isReadable(locked), "this user may read everything");
      assertProblem("expected a folder that may be read, got no access to %s".formatted(locked));
    } finally {
      Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("rwx------"));
    }
  }

  private void files(String... names) {
    for (String name : names) {
      Fixtures.write(root.resolve(name), new byte[] {1});
    }
  }

  private String digest() {
    return classes(0).contents(DigestCache.open(scratch.resolve("none"))).digest();
  }

  private ImageSource classes(int limit) {
    return new FolderSource("image_folder", new ClassFolders(root), limit);
  }

  private void assertProblem(String message) {
    assertThatThrownBy(() -> classes(0).check())
        .isInstanceOf(InvalidConfigException.class)
        .hasMessage("Invalid dataset.path: " + message);
  }
}
