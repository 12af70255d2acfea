package simsiam.model.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.data.table.WriteSettings;
import simsiam.model.data.table.WrittenFile;
import simsiam.model.file.CanonicalJson;
import simsiam.model.file.Sha256;

class ShardedSplitTest {
  private static final List<ImageExample> EXAMPLES = Examples.random(90, 2, 2, 3);

  @TempDir Path folder;
  private Manifest manifest;

  @BeforeEach
  void writeShards() {
    List<WrittenFile> shards = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Path file = folder.resolve(String.format(Locale.ROOT, "train-%05d-of-00003.parquet", i));
      try (ShardWriter writer = new ShardWriter(file, Examples.footer(i, 3), WriteSettings.PLAIN)) {
        EXAMPLES.subList(30 * i, 30 * i + 30).forEach(writer::write);
        shards.add(writer.commit());
      }
    }
    manifest =
        new Manifest(
            Manifest.SCHEMA_VERSION,
            "f00d",
            "5eed",
            ImageEncoding.RAW,
            List.of(),
            Map.of("train", new Manifest.Split(90, 1, List.of(), 90, shards)),
            ChannelStatistics.of(ChannelSums.ZERO),
            Map.of(),
            new Manifest.Duplicates(0, 0, 0, List.of()),
            CanonicalJson.tree(Map.of()));
  }

  @Test
  void readsShardsInOrder() {
    assertThat(readAll()).usingRecursiveFieldByFieldElementComparator().isEqualTo(EXAMPLES);
  }

  @Test
  void namesAShardWithOneChangedBit() throws IOException {
    Path file = folder.resolve("train-00001-of-00003.parquet");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 4;
    Files.write(file, bytes);

    assertThatThrownBy(this::readAll)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot read shard train-00001-of-00003.parquet: expected SHA-256 %s, got %s (%s);"
                    .formatted(
                        manifest.split("train").shards().get(1).sha256(), Sha256.of(file), file)
                + " make the shards again with --force=shard");
  }

  @Test
  void namesAShardOfAnotherSize() throws IOException {
    Path file = folder.resolve("train-00002-of-00003.parquet");
    Files.write(file, new byte[10]);

    assertThatThrownBy(this::readAll)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot read shard train-00002-of-00003.parquet: expected %s bytes, got 10 (%s);"
                    .formatted(manifest.split("train").shards().get(2).bytes(), file)
                + " make the shards again with --force=shard");
  }

  @Test
  void namesAMissingShard() throws IOException {
    Path file = folder.resolve("train-00000-of-00003.parquet");
    Files.delete(file);

    assertThatThrownBy(this::readAll)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot read shard train-00000-of-00003.parquet: expected a file, got none (%s);"
                    .formatted(file)
                + " make the shards again with --force=shard");
  }

  private List<ImageExample> readAll() {
    try (Stream<ImageExample> examples = ShardedSplit.read(folder, manifest, "train")) {
      return examples.toList();
    }
  }
}
