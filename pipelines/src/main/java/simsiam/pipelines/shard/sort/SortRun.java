package simsiam.pipelines.shard.sort;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import simsiam.model.config.Reason;
import simsiam.model.data.ImageExample;
import simsiam.model.data.prepared.PreparedFile;
import simsiam.pipelines.beam.NewFile;
import simsiam.pipelines.preprocess.PreparedSummary.Part;
import simsiam.pipelines.remote.Places;
import simsiam.pipelines.shard.keys.KeyRow;
import simsiam.pipelines.shard.keys.OrderKey;
import simsiam.pipelines.shard.keys.RunKeys;
import simsiam.pipelines.shard.keys.RunTask;
import simsiam.pipelines.shard.keys.ShardId;

/**
 * Writes the examples of one run to a temporary file, sorted by split and order key, so that each
 * shard's share of them is one range of bytes. The sort moves keys only: each image is copied once,
 * straight to the place computed for it, so memory does not grow with the size of images.
 */
public final class SortRun implements Serializable {
  private static final long serialVersionUID = 1L;

  private final RunKeys keys;
  private final String folder;

  /**
   * @param folder for temporary files
   */
  public SortRun(RunKeys keys, Path folder) {
    this.keys = keys;
    this.folder = folder.toString();
  }

  /** Where a row goes; {@code offset} is found after sorting. */
  private static final class Slot {
    final boolean test;
    final OrderKey order;
    final String id;
    final int bytes;
    long offset;

    Slot(KeyRow row, OrderKey order) {
      this.test = row.test();
      this.order = order;
      this.id = row.key().id();
      this.bytes = SortedRecord.size(id, row.key().imageBytes());
    }
  }

  private static final Comparator<Slot> BY_PLACE =
      Comparator.<Slot, Boolean>comparing(slot -> slot.test)
          .thenComparing(slot -> slot.order)
          .thenComparing(slot -> slot.id);

  /**
   * Sorts one run.
   *
   * @param dropped rows to leave out
   * @param trainShards shards of the train split
   * @param testShards shards of the test split
   * @param out told the run's segment of every shard
   */
  void sort(
      RunTask run,
      Set<Integer> dropped,
      int trainShards,
      int testShards,
      BiConsumer<ShardId, RunSegment> out) {
    List<Slot> byRow = slots(run, dropped);
    Slot[] sorted = byRow.stream().filter(slot -> slot != null).toArray(Slot[]::new);
    Arrays.sort(sorted, BY_PLACE);
    String name = String.format(Locale.ROOT, "run-%05d-%s", run.index(), UUID.randomUUID());
    Path target = Places.path(folder).resolve(name);
    int next = 0;
    long offset = 0;
    for (ShardId shard : ShardId.all(trainShards, testShards)) {
      long start = offset;
      while (next < sorted.length && shard.holds(sorted[next].test, sorted[next].order)) {
        sorted[next].offset = offset;
        offset += sorted[next].bytes;
        next++;
      }
      out.accept(shard, new RunSegment(target.toString(), start, offset - start));
    }
    try (NewFile file = NewFile.in(folder, name)) {
      copy(run, byRow, file.path());
      file.publish();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write %s: %s".formatted(target, Reason.of(e)), e);
    }
  }

  private List<Slot> slots(RunTask run, Set<Integer> dropped) {
    List<Slot> byRow = new ArrayList<>();
    keys.forEach(
        run,
        row ->
            byRow.add(
                dropped.contains(row.row())
                    ? null
                    : new Slot(row, OrderKey.order(keys.salt(), row.key().id()))));
    return byRow;
  }

  private void copy(RunTask run, List<Slot> byRow, Path file) throws IOException {
    int row = 0;
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (Part part : run.parts()) {
        keys.verify(part);
        try (PreparedFile.Examples examples = new PreparedFile.Examples(keys.file(part))) {
          for (ImageExample example : examples) {
            Slot slot = byRow.get(row++);
            if (slot != null) {
              write(channel, new SortedRecord(slot.order, example).encode(), slot.offset);
            }
          }
        }
      }
    }
  }

  private static void write(FileChannel channel, ByteBuffer bytes, long offset) throws IOException {
    long at = offset;
    while (bytes.hasRemaining()) {
      at += channel.write(bytes, at);
    }
  }
}
