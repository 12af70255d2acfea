package simsiam.pipelines.beam;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.file.FileTree;

class SharedFolderTest {
  @TempDir private Path folder;

  @Test
  void aWorkerThatSeesTheMarkGoesOn() throws IOException {
    SharedFolder shared = SharedFolder.mark(folder);

    assertThatCode(() -> SerializableUtils.clone(shared).require()).doesNotThrowAnyException();
  }

  @Test
  void aWorkerWithoutTheFolderSaysSo() throws IOException {
    Path there = Files.createDirectory(folder.resolve("there"));
    SharedFolder shared = SharedFolder.mark(there);
    FileTree.delete(there);

    assertThatThrownBy(shared::require)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot use the workspace on worker %s: expected the launching machine's folder at the"
                + " same path (storage that all workers share), got none (%s)",
            SharedFolder.worker(), there);
  }

  @Test
  void aFolderOfTheSameNameOnTheWorkersOwnDiskIsNotEnough() throws IOException {
    SharedFolder shared = SharedFolder.mark(folder);
    SharedFolder.mark(folder);

    assertThatThrownBy(shared::require)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("got another folder");
  }
}
