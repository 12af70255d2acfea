package simsiam.mlflow.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileOwnershipTest {
  @TempDir Path folder;

  @Test
  void aSecondOwnerIsRefusedUntilTheFirstLetsGo() throws Exception {
    Path file = folder.resolve("lock");
    FileOwnership first = FileOwnership.tryAcquire(file).orElseThrow();
    assertThat(FileOwnership.tryAcquire(file)).isEmpty();
    assertThatThrownBy(() -> FileOwnership.acquire(file, Duration.ofMillis(50), () -> {}))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("Cannot lock " + file + ": expected it free within 0 s");
    assertThat(first.isHeld()).isTrue();
    first.close();
    try (FileOwnership second = FileOwnership.tryAcquire(file).orElseThrow()) {
      assertThat(second.isHeld()).isTrue();
    }
  }
}
