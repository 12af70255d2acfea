package simsiam.pipelines.shard;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import simsiam.model.data.ImageEncoding;
import simsiam.model.data.ImageExample;
import simsiam.model.data.LabelSpace;
import simsiam.model.data.Manifest;
import simsiam.model.data.ShardFooter;
import simsiam.model.data.ShardReader;
import simsiam.model.data.ShardedSplit;
import simsiam.model.data.table.WrittenFile;
import simsiam.pipelines.shard.keys.OrderKey;
import simsiam.pipelines.shard.keys.ShardId;
import simsiam.pipelines.shard.keys.Splits;

/**
 * Compares every shard of a set with its manifest: size and checksum, schema, footer, number of
 * rows, that each row is where its order key puts it, labels and counts by class, sizes of raw
 * pixels, and that no id comes twice. Nothing of a damaged shard is looked at beyond the first
 * thing found wrong with its file or footer; the other shards are.
 *
 * <p>Memory grows by 16 bytes an image of all splits but the largest: order brings equal ids of a
 * split together, and of other splits the hashes of the ids are kept. Where rows are out of order,
 * which is damage of its own, an id that comes twice may not be named.
 */
public final class ShardCheck {
  private final Path folder;
  private final Manifest manifest;
  private final LongConsumer progress;
  private final List<String> damage = new ArrayList<>();
  private final List<KeyList> otherSplits = new ArrayList<>();
  private Optional<String> salt = Optional.empty();
  private long rows;

  private ShardCheck(Path folder, Manifest manifest, LongConsumer progress) {
    this.folder = folder;
    this.manifest = manifest;
    this.progress = progress;
  }

  /**
   * Reads the whole set, the largest split last.
   *
   * @param progress told the number of rows read, now and then
   * @return what is wrong, a line each; empty where all is well
   */
  public static List<String> damage(Path folder, LongConsumer progress) {
    Manifest manifest;
    try {
      manifest = Manifest.read(folder);
    } catch (RuntimeException e) {
      return List.of(e.getMessage());
    }
    ShardCheck check = new ShardCheck(folder, manifest, progress);
    manifest.splits().entrySet().stream()
        .sorted(Comparator.comparingLong(split -> split.getValue().rows()))
        .forEach(split -> check.split(split.getKey(), split.getValue()));
    return check.damage;
  }

  private void split(String name, Manifest.Split split) {
    long before = rows;
    int known = damage.size();
    LabelSpace space = manifest.labelSpace();
    long[] counts = new long[space.labels()];
    KeyList keys = new KeyList();
    boolean last = otherSplits.size() == manifest.splits().size() - 1;
    for (int i = 0; i < split.shards().size(); i++) {
      shard(
          split.shards().get(i),
          new ShardId(!name.equals(Splits.TRAIN), i, split.shards().size()),
          counts,
          last ? key -> {} : keys::add);
    }
    otherSplits.add(keys);
    if (damage.size() > known) {
      return; // the counts cannot come out right
    }
    require(name, "rows", split.rows(), rows - before);
    List<Long> found = new ArrayList<>();
    long labelled = 0;
    for (long count : counts) {
      found.add(count);
      labelled += count;
    }
    require(name, "images by class", split.classCounts(), space.classCounts(found));
    require(name, "images without a label", split.unlabelled(), rows - before - labelled);
  }

  private void require(String where, String what, Object expected, Object got) {
    if (!expected.equals(got)) {
      damage.add("%s: expected %s %s, got %s".formatted(where, what, expected, got));
    }
  }

  private void shard(WrittenFile written, ShardId shard, long[] counts, Consumer<OrderKey> keys) {
    try {
      ShardedSplit.verify(folder, written);
      try (ShardReader reader = new ShardReader(folder.resolve(written.file()))) {
        require(written.file(), "rows", written.rows(), reader.rows());
        footer(written.file(), reader.footer(), shard);
        rows(written.file(), reader, shard, counts, keys);
      }
    } catch (IllegalStateException e) {
      damage.add(written.file() + ": " + e.getMessage());
    }
  }

  private void footer(String file, ShardFooter footer, ShardId shard) {
    require(file, "split", shard.split(), footer.split());
    require(file, "shard index", shard.index(), footer.index());
    require(file, "shard count", shard.count(), footer.count());
    require(file, "encoding", manifest.imageEncoding(), footer.encoding());
    require(file, "class names", manifest.classNames(), footer.classNames());
    require(
        file, "several classes an image", manifest.labelSpace().multiLabel(), footer.multiLabel());
    require(file, "fingerprint", manifest.fingerprint(), footer.fingerprint());
    require(file, "salt", salt.orElse(footer.salt()), footer.salt());
    salt = Optional.of(footer.salt());
  }

  private void rows(
      String file, ShardReader reader, ShardId shard, long[] counts, Consumer<OrderKey> keys) {
    OrderKey last = null;
    int row = 0;
    for (ImageExample example : reader) {
      String where = "%s row %s (%s)".formatted(file, row++, example.id());
      OrderKey key = OrderKey.order(reader.footer().salt(), example.id());
      place(where, key, Optional.ofNullable(last), shard);
      keys.accept(key);
      content(where, example, counts);
      last = key;
      if (++rows % 1000 == 0) {
        progress.accept(rows);
      }
    }
  }

  private void place(String where, OrderKey key, Optional<OrderKey> before, ShardId shard) {
    if (before.isPresent() && before.get().compareTo(key) > 0) {
      damage.add(where + ": expected an order key of at least that of the row before");
    }
    if (key.shard(shard.count()) != shard.index()) {
      damage.add(
          "%s: expected a row of shard %s, got one of shard %s"
              .formatted(where, shard.index(), key.shard(shard.count())));
    }
    // Two ids of one 128-bit hash are as likely as a checksum that fails to tell damage.
    if (before.equals(Optional.of(key)) || otherSplits.stream().anyMatch(k -> k.contains(key))) {
      damage.add(where + ": expected an id that comes once");
    }
  }

  private void content(String where, ImageExample example, long[] counts) {
    int label = example.label();
    if (label >= 0 && label < counts.length) {
      counts[label]++;
    } else if (label != ImageExample.UNKNOWN_LABEL) {
      damage.add("%s: expected a label below %s, got %s".formatted(where, counts.length, label));
    }
    boolean raw = manifest.imageEncoding() == ImageEncoding.RAW;
    long pixels = 3L * example.height() * example.width();
    if (example.height() < 1 || example.width() < 1 || (raw && example.image().length != pixels)) {
      damage.add(
          "%s: expected the pixels of %sx%s, got %s bytes"
              .formatted(where, example.width(), example.height(), example.image().length));
    }
  }
}
