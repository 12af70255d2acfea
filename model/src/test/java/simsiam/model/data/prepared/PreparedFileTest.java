package simsiam.model.data.prepared;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.data.ChannelSums;
import simsiam.model.data.Examples;
import simsiam.model.data.ImageEncoding;
import simsiam.model.file.Sha256;

class PreparedFileTest {
  @TempDir Path folder;

  @Test
  void readsExamplesAndKeysOfTheSameRows() {
    List<PreparedExample> rows =
        Examples.random(50, 3, 2, 5).stream()
            .map(
                example ->
                    new PreparedExample(
                        example,
                        Sha256.digest().digest(example.image()),
                        ChannelSums.of(example.image())))
            .toList();
    Path file = folder.resolve("examples-00000-of-00001.parquet");
    try (PreparedFile.Writer writer = new PreparedFile.Writer(file, ImageEncoding.RAW)) {
      rows.forEach(writer::write);
      assertThat(writer.commit().rows()).isEqualTo(50);
    }

    try (PreparedFile.Examples examples = new PreparedFile.Examples(file)) {
      assertThat(examples)
          .usingRecursiveFieldByFieldElementComparator()
          .isEqualTo(rows.stream().map(PreparedExample::example).toList());
    }
    try (PreparedFile.Keys keys = new PreparedFile.Keys(file)) {
      assertThat(keys)
          .usingRecursiveFieldByFieldElementComparator()
          .isEqualTo(rows.stream().map(PreparedExample::key).toList());
    }
  }
}
