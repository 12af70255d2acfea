package simsiam.model.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.data.Manifest;
import simsiam.model.data.SplitLayout;

@Timeout(30)
class StreamedEpochTest {
  private static final int SIDE = 12;
  private static final int ROWS = 300;
  private static final int GROUP_BYTES = 12_000;

  @TempDir Path folder;

  private StreamedEpoch open(RowShuffle.Plan plan, SplitLayout layout, RowShuffle shuffle) {
    return new StreamedEpoch(new ShardedImages(layout, shuffle), plan, 0, shuffle.memory());
  }

  @Test
  void readsNoFurtherThanItsBudget() throws InterruptedException {
    Manifest manifest = ShardedSet.write(folder, 2, ROWS, SIDE, GROUP_BYTES);
    SplitLayout layout = SplitLayout.read(folder, manifest, "train");
    RowShuffle shuffle = new RowShuffle(layout.groups(), 3 * layout.groups().get(0).memory());
    RowShuffle.Plan plan = shuffle.plan(1, 1);
    assertThat(layout.groups().size()).isGreaterThan(12);
    try (StreamedEpoch epoch = open(plan, layout, shuffle)) {
      long most = 0;
      for (int position = 0; position < plan.rows().length; position++) {
        assertThat(epoch.take(position).id()).isEqualTo("image#" + epoch.index(position));
        if (position % 50 == 0) {
          Thread.sleep(5); // time for the reader to go too far
        }
        most = Math.max(most, epoch.held());
      }
      assertThat(most).isLessThanOrEqualTo(shuffle.memory()).isGreaterThan(shuffle.memory() / 3);
      assertThat(epoch.held()).isZero();
    }
  }

  @Test
  void whoWaitsHearsOfTheEnd() throws InterruptedException {
    Manifest manifest = ShardedSet.write(folder, 1, ROWS, SIDE, GROUP_BYTES);
    SplitLayout layout = SplitLayout.read(folder, manifest, "train");
    RowShuffle shuffle = new RowShuffle(layout.groups(), 1);
    RowShuffle.Plan plan = shuffle.plan(1, 1);
    StreamedEpoch epoch = open(plan, layout, shuffle);
    AtomicReference<Throwable> heard = new AtomicReference<>();
    Thread waiting =
        new Thread(
            () -> {
              try {
                epoch.take(plan.rows().length - 1); // not read before the others are taken
              } catch (RuntimeException e) {
                heard.set(e);
              }
            });
    waiting.start();
    Thread.sleep(100);
    epoch.close();
    waiting.join();
    assertThat(heard.get())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot take image: expected an open epoch, got it closed");
    assertThatThrownBy(() -> epoch.take(plan.rows().length - 2))
        .isInstanceOf(IllegalStateException.class);
  }
}
