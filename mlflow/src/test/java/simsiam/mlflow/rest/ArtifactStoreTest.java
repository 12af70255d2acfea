package simsiam.mlflow.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArtifactStoreTest {
  @TempDir Path folder;
  private Rest rest;

  @BeforeEach
  void connect() throws Exception {
    rest =
        new Rest(ServerAddress.of("http://127.0.0.1:1", Credentials.NONE), Duration.ofSeconds(1));
  }

  @Test
  void aRootInASharedFolderIsWrittenDirectly() throws Exception {
    Path file = Files.writeString(folder.resolve("a"), "hello");
    Path root = Files.createDirectories(folder.resolve("art ifacts"));
    ArtifactStore.of(root.toUri().toString(), rest).put(file, "docs/b.txt");
    ArtifactStore.of(root.toString(), rest).put(file, "docs/b.txt");
    assertThat(root.resolve("docs/b.txt")).hasContent("hello");
    try (Stream<Path> left = Files.list(root.resolve("docs"))) {
      assertThat(left).hasSize(1);
    }
  }

  @Test
  void aRootOnAnotherMachinesDiskIsRefusedWithWhatToDo() {
    assertThatThrownBy(() -> ArtifactStore.of("file:///no-such-root/mlruns/1", rest))
        .isInstanceOf(RejectedException.class)
        .hasMessage(
            "Cannot store artifacts: expected a folder this machine can write, got"
                + " file:///no-such-root/mlruns/1; start the server with --serve-artifacts and"
                + " --artifacts-destination");
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3", "gs", "abfss", "dbfs"})
  void aRootInACloudIsRefusedWithWhatToDo(String scheme) {
    assertThatThrownBy(() -> ArtifactStore.of(scheme + "://bucket/1", rest))
        .isInstanceOf(RejectedException.class)
        .hasMessageStartingWith(
            "Cannot store artifacts: expected an artifact root served by the tracking server")
        .hasMessageEndingWith(
            "start the server with --serve-artifacts and --artifacts-destination %s://...", scheme);
  }
}
