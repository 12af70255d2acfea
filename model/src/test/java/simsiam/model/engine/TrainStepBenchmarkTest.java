package simsiam.model.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import simsiam.model.engine.EngineComparison.Workload;
import simsiam.model.engine.TrainStepBenchmark.OperationTime;
import simsiam.model.engine.nd4j.Nd4jEngine;

class TrainStepBenchmarkTest {
  private static final Workload WORKLOAD =
      new Workload(ReferenceCase.spec("resnet10"), 8, 16, 1, 2, 2);

  @Test
  void breaksTheStepDownByKindLongestFirst() {
    List<OperationTime> times = TrainStepBenchmark.run(WORKLOAD, new Nd4jEngine());
    assertThat(times)
        .extracting(OperationTime::operation)
        .contains("convolution", "weight_gradient", "norm_backward", "update", "loss");
    assertThat(times.stream().mapToDouble(OperationTime::share).sum()).isCloseTo(1, within(1e-9));
    for (int i = 0; i < times.size(); i++) {
      assertThat(times.get(i).millis()).isPositive();
      if (i > 0) {
        assertThat(times.get(i).millis()).isLessThanOrEqualTo(times.get(i - 1).millis());
      }
    }
  }
}
