package simsiam.model.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.augment.EvalTransform;
import simsiam.model.augment.Normalization;
import simsiam.model.bench.SyntheticImages;
import simsiam.model.config.InvalidConfigException;
import simsiam.model.data.Manifest;

@Timeout(60)
class EvalBatchesTest {
  private static final Normalization NORMALIZATION =
      new Normalization(List.of(0.5, 0.4, 0.3), List.of(0.25, 0.2, 0.1));

  @Test
  void everyImageComesInOrderAlsoThoseOfTheLastBatch() {
    ImageSet images = new SyntheticImages(50, 20);
    EvalTransform transform = new EvalTransform(16);
    List<Integer> sizes = new ArrayList<>();
    int seen = 0;
    try (EvalBatches batches = new EvalBatches(images, 16, NORMALIZATION, 12, 3)) {
      while (batches.hasNext()) {
        try (ImageBatch batch = batches.next()) {
          sizes.add(batch.size());
          for (int i = 0; i < batch.size(); i++, seen++) {
            assertThat(batch.index(i)).isEqualTo(seen);
            float[] expected = new float[3 * 16 * 16];
            NORMALIZATION.write(transform.apply(images.image(seen)), expected, 0);
            int from = i * expected.length;
            assertThat(Arrays.copyOfRange(batch.pixels(), from, from + expected.length))
                .isEqualTo(expected);
          }
        }
      }
    }
    assertThat(sizes).containsExactly(12, 12, 12, 12, 2);
    assertThat(seen).isEqualTo(50);
  }

  /** Larger than its budget: the row groups are read ahead, in order, once each. */
  @Test
  void aSetThatStaysInItsShardsComesInOrderWithNamesAndLabels(@TempDir Path folder) {
    Manifest manifest = ShardedSet.write(folder, 3, 40, 8, 2000);
    ImageSet sharded = ImageSets.open(folder, manifest, "train", 0);
    assertThat(sharded).isInstanceOf(ShardedImages.class);
    int seen = 0;
    try (EvalBatches batches = new EvalBatches(sharded, 8, NORMALIZATION, 7, 3)) {
      while (batches.hasNext()) {
        try (ImageBatch batch = batches.next()) {
          for (int i = 0; i < batch.size(); i++, seen++) {
            assertThat(batches.id(batch.index(i))).isEqualTo("image#" + seen);
            assertThat(batches.label(batch.index(i))).isEqualTo(seen % 40 % 10);
            float[] expected = new float[3 * 8 * 8];
            NORMALIZATION.write(new EvalTransform(8).apply(sharded.image(seen)), expected, 0);
            int from = i * expected.length;
            assertThat(Arrays.copyOfRange(batch.pixels(), from, from + expected.length))
                .isEqualTo(expected);
          }
        }
      }
    }
    assertThat(seen).isEqualTo(120);
  }

  @Test
  void anEmptySetHasNoBatch() {
    try (EvalBatches batches = new EvalBatches(new SyntheticImages(0, 8), 8, NORMALIZATION, 4, 2)) {
      assertThat(batches.hasNext()).isFalse();
    }
  }

  @Test
  void impossibleArgumentsAreRefused() {
    assertThatThrownBy(() -> new EvalBatches(new SyntheticImages(1, 8), 8, NORMALIZATION, 0, 1))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessage("Invalid batch_size: expected at least 1, got 0");
  }
}
