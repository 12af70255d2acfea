package simsiam.model.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import simsiam.model.augment.Specs;

class LoaderBenchmarkTest {
  @Test
  void measuresBothFigures() {
    LoaderBenchmark benchmark = new LoaderBenchmark(new SyntheticImages(64, 32), Specs.simSiam(32));
    LoaderBenchmark.Rate rate = benchmark.measure(2, Duration.ofMillis(100));
    assertThat(rate.threads()).isEqualTo(2);
    assertThat(rate.viewsPerSecond()).isPositive();
    assertThat(rate.viewsPerCoreSecond()).isPositive();
  }
}
