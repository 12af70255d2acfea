package simsiam.pipelines.bench.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreprocessBenchmarkTest {
  @TempDir Path work;

  @Test
  void countsItsImagesAndCleansUp() throws Exception {
    PreprocessResult result = new PreprocessBenchmark(List.of()).run(120, work);

    assertThat(result.images()).isEqualTo(120);
    assertThat(result.preprocessSeconds()).isPositive();
    assertThat(result.shardImagesPerSecond()).isPositive();
    assertThat(work).isEmptyDirectory();
  }
}
