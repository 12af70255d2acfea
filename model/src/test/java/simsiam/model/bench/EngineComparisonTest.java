package simsiam.model.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import simsiam.model.augment.AugmentSpec;
import simsiam.model.augment.Specs;
import simsiam.model.bench.EngineComparison.Entrant;
import simsiam.model.bench.EngineComparison.Timing;
import simsiam.model.bench.EngineComparison.Workload;
import simsiam.model.engine.Engine;
import simsiam.model.engine.ReferenceCase;
import simsiam.model.engine.nd4j.Nd4jEngine;
import simsiam.model.engine.torch.TorchEngine;
import simsiam.model.engine.torch.TorchSettings;
import simsiam.model.net.NetworkCost;
import simsiam.model.net.NetworkSpec;

class EngineComparisonTest {
  private final NetworkSpec network = ReferenceCase.spec("resnet10");

  @Test
  void measuresTheSameWorkOnEachEngine() {
    Workload workload = new Workload(network, 8, 16, 2, 3, 4);

    List<Timing> timings =
        EngineComparison.run(
            workload, List.of(new Entrant(this::engine), new Entrant(this::engine)), () -> {});

    assertThat(timings).hasSize(2);
    Timing first = timings.get(0);
    assertThat(first.engine()).isEqualTo("torch");
    assertThat(first.relativeSpeed()).isEqualTo(1);
    assertThat(first.medianMillis()).isPositive();
    assertThat(first.imagesPerSecond()).isCloseTo(8000 / first.medianMillis(), within(1e-6));
    double flops = NetworkCost.trainingFlops(network, 16) * first.imagesPerSecond();
    assertThat(first.gigaflops()).isCloseTo(flops / 1e9, within(1e-6));
    assertThat(timings.get(1).loss()).isEqualTo(first.loss());
    assertThat(timings.get(1).relativeSpeed()).isPositive();
  }

  @Test
  void breaksTheStepOfAnEngineThatTellsDownByKindLongestFirst() {
    Workload workload = new Workload(network, 8, 16, 1, 2, 2);

    List<OperationTime> times =
        EngineComparison.run(
                workload, List.of(new Entrant(Nd4jEngine::new)), Nd4jEngine::trimMemory)
            .get(0)
            .operations();

    assertThat(times)
        .extracting(OperationTime::operation)
        .contains("convolution", "weight_gradient", "norm_backward", "update", "loss");
    assertThat(times.stream().mapToDouble(OperationTime::share).sum()).isCloseTo(1, within(1e-9));
    assertThat(times)
        .isSortedAccordingTo(Comparator.comparingDouble(OperationTime::millis).reversed())
        .allSatisfy(time -> assertThat(time.millis()).isPositive());
  }

  /** Of images that are there already: nothing but numbers travels, and the steps are training. */
  @Test
  void makesViewsOfCachedImages() {
    Workload workload = new Workload(network, 8, 16, 2, 2, 3);
    AugmentSpec views =
        Specs.withBlur(16).normalised(List.of(0.5, 0.5, 0.5), List.of(0.25, 0.25, 0.25));
    List<Timing> timings =
        EngineComparison.run(
            workload,
            List.of(
                new Entrant(this::engine),
                new Entrant(this::engine, Optional.of(views)),
                new Entrant(this::engine, Optional.of(views))),
            () -> {});

    assertThat(timings.get(1).loss())
        .isEqualTo(timings.get(2).loss())
        .isNotEqualTo(timings.get(0).loss())
        .isBetween(-1.0, 0.0);
  }

  private Engine engine() {
    return new TorchEngine(TorchSettings.cpu());
  }

  @Test
  void seesThePeakOfNativeMemory() {
    ResidentMemory memory = ResidentMemory.start();
    ByteBuffer.allocateDirect(64 << 20).put(new byte[64 << 20]);

    memory.peakGrowth().ifPresent(bytes -> assertThat(bytes).isBetween(60L << 20, 400L << 20));
  }
}
