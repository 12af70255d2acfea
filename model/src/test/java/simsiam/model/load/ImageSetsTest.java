package simsiam.model.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import simsiam.model.augment.Normalization;
import simsiam.model.augment.Specs;
import simsiam.model.data.ImageEncoding;
import simsiam.model.data.Manifest;

@Timeout(60)
class ImageSetsTest {
  private static final int SIDE = 12;
  private static final int BATCH = 16;
  private static final int SHARDS = 3;
  private static final int ROWS = 150;
  private static final int GROUP_BYTES = 12_000;
  private static final long WINDOW = 50_000;
  private static final Normalization NORMALIZATION =
      new Normalization(List.of(0.5, 0.4, 0.3), List.of(0.25, 0.2, 0.1));

  @TempDir Path folder;

  private Manifest write(ImageEncoding encoding) {
    return ShardedSet.write(folder, SHARDS, ROWS, SIDE, GROUP_BYTES, encoding);
  }

  /** Checksum of every batch of an epoch and the ids of its images. */
  private static List<List<Integer>> batches(ImageSet images, int threads, int firstBatch) {
    List<List<Integer>> batches = new ArrayList<>();
    try (ViewLoader loader =
        new ViewLoader(
            images,
            Specs.simSiam(8),
            NORMALIZATION,
            new LoaderSpec(2, BATCH, 4, threads),
            2,
            firstBatch)) {
      while (loader.hasNext()) {
        try (ImageBatch batch = loader.next()) {
          List<Integer> content = new ArrayList<>();
          for (int i = 0; i < batch.size(); i++) {
            content.add(batch.index(i));
          }
          content.add(Arrays.hashCode(batch.pixels()));
          batches.add(content);
        }
      }
    }
    return batches;
  }

  @ParameterizedTest
  @EnumSource(names = {"RAW", "PNG"})
  void batchesAreTheSameHoweverTheSetIsKept(ImageEncoding encoding) {
    Manifest manifest = write(encoding);
    ImageSet decoded = ShardedSet.inMemory(folder, manifest, WINDOW);
    List<List<Integer>> expected = batches(decoded, 1, 0);
    assertThat(expected).hasSize(SHARDS * ROWS / BATCH).doesNotHaveDuplicates();

    ImageSet streamed = ShardedSet.streamed(folder, manifest, WINDOW);
    assertThat(streamed).isInstanceOf(ShardedImages.class);
    for (int threads : new int[] {1, 2, 5}) {
      assertThat(batches(streamed, threads, 0)).isEqualTo(expected);
    }
    assertThat(batches(decoded, 3, 0)).isEqualTo(expected);
  }

  @Test
  void resumesInTheMiddleOfAnEpoch() {
    Manifest manifest = write(ImageEncoding.RAW);
    ImageSet streamed = ShardedSet.streamed(folder, manifest, WINDOW);
    List<List<Integer>> whole = batches(streamed, 2, 0);
    for (int first : new int[] {1, 13, 27, whole.size()}) {
      assertThat(batches(streamed, 2, first)).isEqualTo(whole.subList(first, whole.size()));
    }
  }

  @Test
  void whatWasTakenBeforeIsNotReadAgain() throws IOException {
    Manifest manifest = write(ImageEncoding.RAW);
    ImageSet streamed = ShardedSet.streamed(folder, manifest, GROUP_BYTES);
    List<List<Integer>> whole = batches(streamed, 2, 0);
    int firstShard = whole.get(0).get(0) / ROWS;
    Files.delete(
        folder.resolve(String.format(Locale.ROOT, "train-%05d-of-00003.parquet", firstShard)));

    int resumed = ROWS / BATCH + 1;
    assertThat(batches(streamed, 2, resumed)).isEqualTo(whole.subList(resumed, whole.size()));
  }

  @Test
  void singleImagesAreThoseInMemory() {
    Manifest manifest = write(ImageEncoding.PNG);
    ImageSet memory = ShardedSet.inMemory(folder, manifest, WINDOW);
    ImageSet streamed = ShardedSet.streamed(folder, manifest, WINDOW);
    assertThat(streamed.size()).isEqualTo(SHARDS * ROWS);
    for (int index : new int[] {0, 449, 150, 149, 17, 300, 18}) {
      assertThat(streamed.id(index)).isEqualTo("image#" + index).isEqualTo(memory.id(index));
      assertThat(streamed.label(index)).isEqualTo(index % ROWS % 10);
      assertThat(streamed.image(index).pixels()).isEqualTo(memory.image(index).pixels());
    }
  }

  @Test
  void aShardThatBreaksWhileItIsReadFailsTheBatchAndIsNamed() throws IOException {
    Manifest manifest = write(ImageEncoding.RAW);
    ImageSet streamed = ShardedSet.streamed(folder, manifest, GROUP_BYTES);
    Path last = folder.resolve("train-00001-of-00003.parquet");
    Files.write(last, new byte[100]);

    assertThatThrownBy(() -> batches(streamed, 2, 0))
        .isInstanceOf(LoaderException.class)
        .hasMessageStartingWith("Cannot load image: expected pixels, got ")
        .hasMessageContaining("Cannot read train-00001-of-00003.parquet")
        .hasMessageEndingWith("of " + last + ")");
  }

  @Test
  void closingEarlyEndsTheReader() {
    Manifest manifest = write(ImageEncoding.RAW);
    ImageSet streamed = ShardedSet.streamed(folder, manifest, GROUP_BYTES);
    try (ViewLoader loader =
        new ViewLoader(
            streamed, Specs.simSiam(8), NORMALIZATION, new LoaderSpec(2, BATCH, 4, 2), 0, 0)) {
      loader.next().close();
      assertThat(readers()).isOne();
    }
    assertThat(readers()).isZero();
  }

  private static long readers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("loader-reader"))
        .count();
  }

  @Test
  void damageIsFoundBeforeAnythingIsRead() throws IOException {
    Manifest manifest = write(ImageEncoding.RAW);
    Path file = folder.resolve("train-00002-of-00003.parquet");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 3] ^= 1;
    Files.write(file, bytes);
    for (long budget : new long[] {0, Long.MAX_VALUE}) {
      assertThatThrownBy(() -> ImageSets.open(folder, manifest, "train", budget))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith(
              "Cannot read shard train-00002-of-00003.parquet: expected SHA-256");
    }
  }
}
