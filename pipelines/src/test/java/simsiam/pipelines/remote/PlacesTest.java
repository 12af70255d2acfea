package simsiam.pipelines.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PlacesTest {
  @Test
  void aPathIsItsPlaceAgain() {
    Path path = Places.path("s3://bucket/a b/c");

    assertThat(path).hasToString("s3://bucket/a b/c");
    assertThat(Places.path(path.toString())).isEqualTo(path);
    assertThat(path.resolve("d/e")).hasToString("s3://bucket/a b/c/d/e");
    assertThat(path.getParent()).hasToString("s3://bucket/a b");
    assertThat(path.getFileName()).hasToString("c");
    assertThat(path.relativize(path.resolve("d/e"))).hasToString("d/e");
    assertThat(path.resolveSibling("x/../y").normalize()).hasToString("s3://bucket/a b/y");
    assertThat(Places.path("s3://bucket")).hasToString("s3://bucket/");
  }

  @Test
  void whatHasNoSchemeIsAPathOfThisMachine() {
    assertThat(Places.path("/data/birds")).isEqualTo(Path.of("/data/birds"));
    assertThat(Places.path("file:///data/birds")).isEqualTo(Path.of("/data/birds"));
    assertThat(Places.remote("C:/birds")).isFalse();
    assertThat(Places.remote("gs://bucket")).isTrue();
  }

  @Test
  void aPlaceWithoutABucketIsRefused() {
    assertThatThrownBy(() -> Places.path("s3:///birds"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot use s3:///birds: expected a bucket or host after ://, got none");
  }

  @Test
  void aStoreThatIsNotBuiltInIsNamedWithItsProfile() {
    assertThatThrownBy(() -> Files.readAllBytes(Places.path("gs://bucket/birds")))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "Cannot reach gs://bucket/birds: expected a build with the Maven profile gcs"
                + " (MAVEN_ARGS=-Pgcs before the command), got one without, gs://");
    assertThatThrownBy(() -> Files.readAllBytes(Places.path("ftp://host/birds")))
        .hasMessage("Cannot reach ftp://host/birds: expected s3://, gs:// or hdfs://, got ftp://");
  }

  @Test
  void foldersAreWhatFilesLieIn() throws IOException {
    Path root = Places.path("fake://folders/root");
    for (String name : List.of("b/2.png", "b/1.png", "b-c/3.png", "a.txt", "b/d/4.png")) {
      Files.write(root.resolve(name), new byte[] {1});
    }
    FakeFileSystem.put("fake://folders/root/marker/", new byte[0]);

    try (Stream<Path> entries = Files.list(root)) {
      assertThat(entries.map(Path::toString))
          .containsExactlyInAnyOrder(root + "/a.txt", root + "/b", root + "/b-c");
    }
    assertThat(Files.isDirectory(root.resolve("b"))).isTrue();
    assertThat(Files.isRegularFile(root.resolve("b"))).isFalse();
    assertThat(Files.isDirectory(root.resolve("b/1.png"))).isFalse();
    assertThat(Files.exists(root.resolve("marker"))).isFalse();
    try (Stream<Path> tree = Files.walk(root.resolve("b"))) {
      assertThat(tree.filter(Files::isRegularFile)).hasSize(3);
    }
    Files.delete(root.resolve("a.txt"));
    assertThat(Files.exists(root.resolve("a.txt"))).isFalse();
    assertThat(FakeFileSystem.get("fake://folders/root/a.txt")).isNull();
  }
}
