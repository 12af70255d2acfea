package simsiam.pipelines.source.digest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InOrderTest {
  @Test
  void resultsComeInTheOrderOfTheInputs() {
    List<Integer> results = new ArrayList<>();
    InOrder.forEach(
        IntStream.range(0, 1000).iterator(), 7, i -> i % 13 == 0 ? slow(i) : i, results::add);

    assertThat(results).containsExactlyElementsOf(IntStream.range(0, 1000).boxed().toList());
  }

  private static int slow(int i) {
    long until = System.nanoTime() + 500_000;
    while (System.nanoTime() < until) {
      Thread.onSpinWait();
    }
    return i;
  }

  @Test
  void theFirstFailureOfTheInputsIsThrownAndTheRestLeft() {
    AtomicInteger asked = new AtomicInteger();
    Iterator<Integer> inputs =
        IntStream.range(0, 1_000_000).peek(i -> asked.incrementAndGet()).iterator();
    List<Integer> results = new ArrayList<>();

    assertThatThrownBy(
            () ->
                InOrder.forEach(
                    inputs,
                    10,
                    i -> {
                      if (i >= 25) {
                        throw new IllegalStateException("no " + i);
                      }
                      return i;
                    },
                    results::add))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no 25");
    assertThat(results).hasSize(20);
    assertThat(asked).hasValueLessThan(100_000);
  }
}
