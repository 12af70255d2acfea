package simsiam.pipelines.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.data.ChannelStatistics;
import simsiam.model.data.ChannelSums;
import simsiam.model.data.ImageEncoding;
import simsiam.model.data.ImageExample;
import simsiam.model.data.Manifest;
import simsiam.model.data.ShardFooter;
import simsiam.model.data.ShardWriter;
import simsiam.model.data.table.WriteSettings;
import simsiam.model.data.table.WrittenFile;
import simsiam.model.file.CanonicalJson;
import simsiam.pipelines.shard.keys.OrderKey;

/** Sets whose checksums hold and whose content does not. */
class ShardCheckTest {
  private static final List<String> CLASSES = List.of("cat", "dog");

  @TempDir Path folder;

  private final List<ImageExample> rows = rows();

  private static List<ImageExample> rows() {
    List<ImageExample> rows = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      rows.add(PreparedSet.example("image-" + i, i % 2, i));
    }
    rows.sort(Comparator.comparing(row -> OrderKey.order("salt", row.id())));
    return rows;
  }

  private List<String> damage(String fingerprint, long cats, long dogs) {
    WrittenFile file = write("train", "salt", fingerprint, rows);
    return damage(
        Map.of("train", new Manifest.Split(20, 1, List.of(cats, dogs), 0, List.of(file))));
  }

  private WrittenFile write(
      String split, String salt, String fingerprint, List<ImageExample> content) {
    ShardFooter footer =
        new ShardFooter(ImageEncoding.RAW, split, CLASSES, 0, 1, salt, fingerprint);
    Path path = folder.resolve(split + "-00000-of-00001.parquet");
    try (ShardWriter writer = new ShardWriter(path, footer, WriteSettings.PLAIN)) {
      content.forEach(writer::write);
      return writer.commit();
    }
  }

  private List<String> damage(Map<String, Manifest.Split> splits) {
    new Manifest(
            Manifest.SCHEMA_VERSION,
            "f00d",
            "50u4ce",
            ImageEncoding.RAW,
            CLASSES,
            splits,
            ChannelStatistics.of(ChannelSums.ZERO),
            Map.of(),
            new Manifest.Duplicates(0, 0, 0, List.of()),
            CanonicalJson.tree(Map.of()))
        .write(folder);
    return ShardCheck.damage(folder, done -> {});
  }

  @Test
  void aWholeSetHasNoDamage() {
    assertThat(damage("f00d", 10, 10)).isEmpty();
  }

  @Test
  void rowsOutOfOrderAreNamed() {
    ImageExample first = rows.get(0);
    rows.set(0, rows.get(1));
    rows.set(1, first);
    assertThat(damage("f00d", 10, 10))
        .containsExactly(
            "train-00000-of-00001.parquet row 1 (%s): expected an order key of at least that of the row before"
                .formatted(first.id()));
  }

  @Test
  void anIdThatComesTwiceIsNamed() {
    rows.set(5, rows.get(4));
    assertThat(damage("f00d", 10, 10))
        .containsExactly(
            "train-00000-of-00001.parquet row 5 (%s): expected an id that comes once"
                .formatted(rows.get(4).id()));
  }

  /** With a test split, whose rows are the given ones. */
  private List<String> damageBeside(List<ImageExample> test, String salt) {
    WrittenFile train = write("train", "salt", "f00d", rows);
    WrittenFile other = write("test", salt, "f00d", test);
    long cats = test.stream().filter(row -> row.label() == 0).count();
    return damage(
        Map.of(
            "train",
            new Manifest.Split(20, 1, List.of(10L, 10L), 0, List.of(train)),
            "test",
            new Manifest.Split(
                test.size(), 1, List.of(cats, test.size() - cats), 0, List.of(other))));
  }

  @Test
  void anIdThatComesInBothSplitsIsNamed() {
    List<ImageExample> test = new ArrayList<>();
    for (int i = 100; i < 108; i++) {
      test.add(PreparedSet.example("image-" + i, i % 2, i));
    }
    Comparator<ImageExample> order = Comparator.comparing(row -> OrderKey.order("salt", row.id()));
    test.sort(order);
    assertThat(damageBeside(test, "salt")).isEmpty();

    test.set(2, rows.get(7));
    test.sort(order);
    assertThat(damageBeside(test, "salt"))
        .containsExactly(
            "train-00000-of-00001.parquet row 7 (%s): expected an id that comes once"
                .formatted(rows.get(7).id()));
  }

  @Test
  void aSplitInTheOrderOfAnotherSaltIsNamed() {
    List<ImageExample> test = List.of(PreparedSet.example("image-100", 0, 100));
    assertThat(damageBeside(test, "pepper"))
        .containsExactly("train-00000-of-00001.parquet: expected salt pepper, got salt");
  }

  @Test
  void countsThatDoNotHoldAreNamed() {
    assertThat(damage("f00d", 11, 9))
        .containsExactly("train: expected images by class [11, 9], got [10, 10]");
  }

  @Test
  void aFooterOfAnotherSetIsNamed() {
    assertThat(damage("beef", 10, 10))
        .containsExactly("train-00000-of-00001.parquet: expected fingerprint f00d, got beef");
  }

  @Test
  void labelsAndSizesThatCannotBeAreNamed() {
    ImageExample row = rows.get(3);
    rows.set(3, new ImageExample(row.id(), 2, 5, 3, row.image()));
    assertThat(damage("f00d", 10, 10))
        .containsExactly(
            "train-00000-of-00001.parquet row 3 (%s): expected a label below 2, got 2"
                .formatted(row.id()),
            "train-00000-of-00001.parquet row 3 (%s): expected the pixels of 3x5, got 36 bytes"
                .formatted(row.id()));
  }

  @Test
  void aManifestThatIsMissingIsNamed() {
    assertThat(ShardCheck.damage(folder, done -> {}))
        .singleElement()
        .asString()
        .contains("manifest.json");
  }
}
