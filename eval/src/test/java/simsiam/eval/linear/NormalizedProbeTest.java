package simsiam.eval.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import simsiam.eval.JavaLinearAlgebra;
import simsiam.eval.features.FeatureSet;
import simsiam.eval.features.SyntheticFeatures;
import simsiam.eval.linear.NormalizedProbe.Result;
import simsiam.eval.linear.NormalizedProbe.Sgd;

/** Expected values are those that {@code normalized.py} among the resources prints. */
class NormalizedProbeTest {
  private static final FeatureSet TRAIN = SyntheticFeatures.congruent(300, 1);
  private static final FeatureSet TEST = SyntheticFeatures.congruent(400, 2);

  private static Result run(int epochs, double lr, FeatureSet train, Runnable listener) {
    Sgd sgd = new Sgd(epochs, 64, lr, 0.01, List.of(3, 5));
    return new NormalizedProbe(sgd, new JavaLinearAlgebra(), 9).run(train, TEST, listener);
  }

  @Test
  void everyEpochIsTheFormulas() {
    double[] losses = {1.485048, 1.078311, 0.832056, 0.774509, 0.75799, 0.698213};
    for (int epochs = 1; epochs <= losses.length; epochs++) {
      assertThat(run(epochs, 0.1, TRAIN, () -> {}).trainLoss())
          .as("epoch %s", epochs)
          .isCloseTo(losses[epochs - 1], within(2e-5));
    }
    Result last = run(6, 0.1, TRAIN, () -> {});
    assertThat(last.report().top1()).isEqualTo(60.5);
    assertThat(last.report().n()).isEqualTo(400);
  }

  @Test
  void theResultIsTheSameOnAnyNumberOfThreadsAndEachEpochIsTold() {
    AtomicInteger told = new AtomicInteger();
    Result alone = onThreads(1, told::incrementAndGet);
    assertThat(told).hasValue(6);
    assertThat(onThreads(5, () -> {})).isEqualTo(alone);
  }

  private static Result onThreads(int threads, Runnable listener) {
    ForkJoinPool pool = new ForkJoinPool(threads);
    try {
      return pool.submit(() -> run(6, 0.1, TRAIN, listener)).join();
    } finally {
      pool.shutdown();
    }
  }

  /** A batch larger than the split is the whole of it. */
  @Test
  void fewImagesAreOneBatch() {
    FeatureSet few = TRAIN.select(new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
    assertThat(run(2, 0.1, few, () -> {}).trainLoss()).isPositive().isFinite();
  }

  @Test
  void whatCannotBeTrainedIsSaid() {
    assertThatThrownBy(() -> run(1, 0.1, TRAIN.select(new int[] {5}), () -> {}))
        .hasMessage("Cannot train a linear probe: expected at least 2 labelled images, got 1 of 1");
    assertThatThrownBy(() -> run(6, 1e38, TRAIN, () -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageMatching(
            "Cannot train a linear probe: expected a finite loss, got .* \\(epoch \\d, rate .*\\);"
                + " a lower layers.lr may help");
  }
}
