package simsiam.model.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.bench.SyntheticImages;
import simsiam.model.data.Manifest;

@Timeout(60)
class ImageSubsetTest {
  private static final int ROWS = 600;
  private static final int WINDOW = 40_000;

  @TempDir Path folder;

  private static int[] every(int step) {
    return IntStream.range(0, ROWS / step).map(i -> i * step + 1).toArray();
  }

  private static List<String> names(EpochImages epoch, int size) {
    List<String> names = new ArrayList<>();
    try (epoch) {
      for (int position = 0; position < size; position++) {
        EpochImages.Taken taken = epoch.take(position);
        names.add(taken.id());
      }
    }
    return names;
  }

  /** Far more is left out than the shuffle's window holds: nothing may wait for what never goes. */
  @Test
  void anEpochIsThatOfTheWholeSetWithoutTheOthers() {
    Manifest manifest = ShardedSet.write(folder, 2, ROWS / 2, 12, 12_000);
    ImageSet streamed = ShardedSet.streamed(folder, manifest, WINDOW);
    ImageSet inMemory = ShardedSet.inMemory(folder, manifest, WINDOW);
    List<String> whole = names(streamed.epoch(3, 2, 0), ROWS);
    for (int step : new int[] {2, 50}) {
      int[] indices = every(step);
      List<String> wanted = IntStream.of(indices).mapToObj(i -> "image#" + i).toList();
      List<String> expected = whole.stream().filter(wanted::contains).toList();
      for (ImageSet all : List.of(streamed, inMemory)) {
        ImageSet part = new ImageSubset(all, indices);
        assertThat(part.size()).isEqualTo(indices.length);
        assertThat(names(part.epoch(3, 2, 0), part.size())).isEqualTo(expected);
        assertThat(names(part.inOrder(), part.size())).isEqualTo(wanted);
        assertThat(IntStream.of(part.order(3, 2)).mapToObj(part::id)).isEqualTo(expected);
      }
    }
  }

  @Test
  void imagesHaveTheIndicesOfThePart() {
    Manifest manifest = ShardedSet.write(folder, 2, ROWS / 2, 12, 12_000);
    ImageSet part = new ImageSubset(ShardedSet.streamed(folder, manifest, WINDOW), every(7));
    try (EpochImages epoch = part.epoch(1, 1, 0)) {
      for (int position = 0; position < part.size(); position++) {
        int index = epoch.index(position);
        EpochImages.Taken taken = epoch.take(position);
        assertThat(part.id(index)).isEqualTo(taken.id());
        assertThat(part.label(index)).isEqualTo(taken.label());
        assertThat(part.image(index).pixels()).isEqualTo(taken.image().pixels());
      }
    }
  }

  @Test
  void areasAreThoseOfItsImages() {
    Manifest manifest = ShardedSet.write(folder, 2, ROWS / 2, 12, 12_000);
    ImageSet streamed = ShardedSet.streamed(folder, manifest, WINDOW);
    assertThat(streamed.areas()).hasSize(ROWS).containsOnly(144);
    assertThat(ShardedSet.inMemory(folder, manifest, WINDOW).areas()).isEqualTo(streamed.areas());
    assertThat(new ImageSubset(streamed, every(50)).areas()).hasSize(12).containsOnly(144);
    assertThat(new ImageSubset(new SyntheticImages(9, 5), new int[] {2, 8}).areas())
        .containsExactly(25, 25);
  }

  @Test
  void refusesWhatIsNoPart() {
    ImageSet all = new SyntheticImages(5, 8);
    assertThatThrownBy(() -> new ImageSubset(all, new int[] {1, 1}))
        .hasMessage("Cannot take some images: expected rising indices below 5, got 1 after 1");
    assertThatThrownBy(() -> new ImageSubset(all, new int[] {5}))
        .hasMessage("Cannot take some images: expected rising indices below 5, got 5 after -1");
  }
}
