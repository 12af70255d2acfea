package simsiam.pipelines.shard.sort;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import simsiam.model.config.Reason;
import simsiam.model.data.ImageExample;
import simsiam.model.data.prepared.PreparedFile;
import simsiam.pipelines.beam.NewFile;
import simsiam.pipelines.preprocess.PreparedSummary.Part;
import simsiam.pipelines.remote.Places;
import simsiam.pipelines.shard.keys.Duplicate;
import simsiam.pipelines.shard.keys.KeyRow;
import simsiam.pipelines.shard.keys.OrderKey;
import simsiam.pipelines.shard.keys.RunKeys;
import simsiam.pipelines.shard.keys.RunRows;
import simsiam.pipelines.shard.keys.RunTask;
import simsiam.pipelines.shard.keys.ShardRange;

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

  /** A sorted run, and what was left out of it, if anything was. */
  record Sorted(SortedRun run, Optional<DuplicateFile> duplicates) {}

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
   * @param lost rows whose equals are kept in other runs, with those
   * @param shards of the whole set
   */
  Sorted sort(RunTask run, Map<Integer, Duplicate.Copy> lost, ShardRange shards) {
    RunRows rows = RunRows.of(keys, run);
    Slot[] byRow = new Slot[rows.size()];
    List<Duplicate> duplicates = new ArrayList<>();
    for (KeyRow row : rows) {
      KeyRow keeper = rows.keeper(row);
      Duplicate.Copy kept = lost.get(keeper.row());
      if (keeper.row() == row.row() && kept == null) {
        byRow[row.row()] = new Slot(row, OrderKey.order(keys.salt(), row.key().id()));
      } else {
        duplicates.add(
            new Duplicate(Duplicate.Copy.of(row), kept == null ? Duplicate.Copy.of(keeper) : kept));
      }
    }
    String name = String.format(Locale.ROOT, "run-%05d-%s", run.index(), UUID.randomUUID());
    try (NewFile file = NewFile.in(folder, name)) {
      long bytes = write(run, byRow, shards, file.path());
      file.publish();
      Collections.sort(duplicates);
      return new Sorted(
          new SortedRun(name, bytes),
          duplicates.isEmpty()
              ? Optional.empty()
              : Optional.of(DuplicateFile.write(folder, duplicates)));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot write %s: %s".formatted(Places.path(folder).resolve(name), Reason.of(e)), e);
    }
  }

  /** Writes the run, and returns the bytes of its examples. */
  private long write(RunTask run, Slot[] byRow, ShardRange shards, Path file) throws IOException {
    Slot[] sorted = Arrays.stream(byRow).filter(Objects::nonNull).toArray(Slot[]::new);
    Arrays.sort(sorted, BY_PLACE);
    long[] ends = new long[shards.size()];
    long bytes = 0;
    for (Slot slot : sorted) {
      slot.offset = bytes;
      bytes += slot.bytes;
      ends[shards.place(slot.test, slot.order)] = bytes;
    }
    Arrays.parallelPrefix(ends, Math::max); // a shard with nothing ends where the one before does
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      copy(run, byRow, channel);
      SortedRun.writeIndex(channel, bytes, ends);
    }
    return bytes;
  }

  private void copy(RunTask run, Slot[] byRow, FileChannel channel) throws IOException {
    int row = 0;
    for (Part part : run.parts()) {
      keys.verify(part);
      try (PreparedFile.Examples examples = new PreparedFile.Examples(keys.file(part))) {
        for (ImageExample example : examples) {
          Slot slot = byRow[row++];
          if (slot != null) {
            SortedRecord record = new SortedRecord(slot.test, slot.order, example);
            SortedRun.write(channel, record.encode(), slot.offset);
          }
        }
      }
    }
  }
}
