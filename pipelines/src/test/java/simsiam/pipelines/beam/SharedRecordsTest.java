package simsiam.pipelines.beam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedRecordsTest {
  @TempDir private Path folder;
  private SharedFolder shared;

  @BeforeEach
  void mark() throws IOException {
    shared = SharedFolder.mark(folder);
  }

  private SharedRecords<String> write(String... values) throws IOException {
    return SharedRecords.write(shared, "values", String.class, List.of(values));
  }

  @Test
  void anyOfThemIsReadByItsNumberAlsoWhereTheyWereSent() throws IOException {
    SharedRecords<String> records =
        SerializableUtils.clone(write("first", "", "x".repeat(100_000), "a\u00e4\ud83d\ude00"));

    assertThat(records.count()).isEqualTo(4);
    assertThat(records.read(3)).isEqualTo("a\u00e4\ud83d\ude00");
    assertThat(records.read(0)).isEqualTo("first");
    assertThat(records.read(2)).hasSize(100_000);
    assertThat(records.read(1)).isEmpty();
    assertThat(Files.size(folder.resolve("values"))).as("compressed").isLessThan(2_000);
  }

  @Test
  void thereMayBeNone() throws IOException {
    assertThat(write().count()).isZero();
  }

  @Test
  void aCutFileSaysSo() throws IOException {
    SharedRecords<String> records = write("first", "second");
    Path file = folder.resolve("values");
    Files.write(file, List.of("cut"));

    assertThatThrownBy(() -> records.read(1))
        .isInstanceOf(IOException.class)
        .hasMessageMatching(
            "Cannot read tasks: expected 16 bytes at \\d+, got the file's end \\(.*values\\)");
  }
}
