package simsiam.model.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BatchRingTest {
  private static final int BATCH = 20;

  /** Batches that are the sum of their images' numbers, made when all are there. */
  private record Sums(int failing) implements BatchRing.Source<AtomicInteger> {
    @Override
    public int batches() {
      return 9;
    }

    @Override
    public int[] indices(int batch) {
      return new int[BATCH];
    }

    @Override
    public String name(int batch, int place) {
      return batch + "/" + place;
    }

    @Override
    public AtomicInteger buffer() {
      return new AtomicInteger();
    }

    @Override
    public BatchRing.Writer<AtomicInteger> writer() {
      return (batch, place, size, out) -> out.addAndGet(100 * batch + place);
    }

    @Override
    public void complete(AtomicInteger sum) {
      int images = sum.getAndSet(0);
      if (images / (100 * BATCH) == failing) {
        throw new IllegalStateException("no sum");
      }
      sum.set(-images);
    }

    @Override
    public ImageBatch batch(AtomicInteger sum, int[] indices, Runnable release) {
      float[] pixels = {sum.getAndSet(0)};
      return ImageBatch.made(pixels, indices, release);
    }
  }

  @Test
  void batchesAreCompletedOnceTheyHaveAllImages() {
    try (BatchRing<?> ring = BatchRing.started(new Sums(-1), 0, 3)) {
      for (int batch = 0; ring.hasNext(); batch++) {
        try (ImageBatch made = ring.next()) {
          assertThat(made.pixels()).containsExactly(-(100 * batch * BATCH + 190));
        }
      }
    }
  }

  @Test
  void aBatchThatCannotBeCompletedFails() {
    try (BatchRing<?> ring = BatchRing.started(new Sums(4), 3, 3)) {
      ring.next().close();
      assertThatThrownBy(ring::next)
          .isInstanceOf(LoaderException.class)
          .hasMessage("Cannot load image: expected pixels, got no sum (4/0)");
    }
  }
}
