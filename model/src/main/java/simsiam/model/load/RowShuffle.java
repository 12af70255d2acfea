package simsiam.model.load;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import simsiam.model.augment.ViewRandom;
import simsiam.model.data.RowGroup;

/**
 * How the rows of a split are shuffled: shards are permuted, then the row groups of each, then the
 * rows inside windows of as many row groups as fit into {@code windowBytes}. A split that fits into
 * one window is permuted as a whole. The order is a function of the row groups, the window and
 * (seed, epoch), not of the machine.
 *
 * @param groups of the split, in the order of their rows
 * @param windowBytes that the rows of a window take in memory; a larger row group is a window of
 *     its own
 */
public record RowShuffle(List<RowGroup> groups, long windowBytes) {
  /** 256 MiB: 82,000 images of 32×32 as raw pixels, some 25,000 JPEGs of 160×160. */
  public static final long WINDOW_BYTES = 256L << 20;

  /** No view has this number: the order shares no random numbers with any image. */
  private static final int NO_VIEW = -1;

  public RowShuffle {
    groups = List.copyOf(groups);
  }

  /**
   * The order of one epoch.
   *
   * @param rows indices in the split
   * @param groups in the order in which their rows are needed
   */
  @SuppressWarnings("ArrayRecordComponent") // carried, not compared
  public record Plan(int[] rows, List<RowGroup> groups) {
    public Plan {
      groups = List.copyOf(groups);
    }

    /** The same order of some of the rows. */
    Plan only(BitSet wanted) {
      return new Plan(Arrays.stream(rows).filter(wanted::get).toArray(), groups);
    }
  }

  /** The most bytes that an epoch holds: a window, and a row group of the next as it ends. */
  public long memory() {
    long all = groups.stream().mapToLong(RowGroup::memory).sum();
    long largest = groups.stream().mapToLong(RowGroup::memory).max().orElse(0);
    return Math.min(all, Math.max(windowBytes, largest) + largest);
  }

  /** The order of an epoch. */
  public Plan plan(long seed, int epoch) {
    int size = groups.isEmpty() ? 0 : groups.get(groups.size() - 1).end();
    if (groups.stream().mapToLong(RowGroup::memory).sum() <= windowBytes) {
      return new Plan(EpochOrder.permutation(seed, epoch, size), groups);
    }
    List<RowGroup> sequence = permutedGroups(seed, epoch);
    int[] rows = new int[size];
    int window = 0;
    int row = 0;
    for (int from = 0; from < sequence.size(); window++) {
      int to = windowEnd(sequence, from);
      int start = row;
      for (RowGroup group : sequence.subList(from, to)) {
        for (int i = 0; i < group.rows(); i++) {
          rows[row++] = group.first() + i;
        }
      }
      shuffle(rows, start, row, new ViewRandom(seed, epoch, "window#" + window, NO_VIEW));
      from = to;
    }
    return new Plan(rows, sequence);
  }

  /** All rows as they are stored. */
  Plan inOrder() {
    int size = groups.isEmpty() ? 0 : groups.get(groups.size() - 1).end();
    return new Plan(IntStream.range(0, size).toArray(), groups);
  }

  private List<RowGroup> permutedGroups(long seed, int epoch) {
    int shards = groups.get(groups.size() - 1).shard() + 1;
    List<List<RowGroup>> byShard = new ArrayList<>();
    for (int shard = 0; shard < shards; shard++) {
      byShard.add(new ArrayList<>());
    }
    groups.forEach(group -> byShard.get(group.shard()).add(group));
    List<RowGroup> sequence = new ArrayList<>(groups.size());
    for (int shard : permutation(shards, new ViewRandom(seed, epoch, "shards", NO_VIEW))) {
      List<RowGroup> of = byShard.get(shard);
      ViewRandom random = new ViewRandom(seed, epoch, "shard#" + shard, NO_VIEW);
      for (int group : permutation(of.size(), random)) {
        sequence.add(of.get(group));
      }
    }
    return sequence;
  }

  private int windowEnd(List<RowGroup> sequence, int from) {
    long bytes = sequence.get(from).memory();
    int to = from + 1;
    while (to < sequence.size() && bytes + sequence.get(to).memory() <= windowBytes) {
      bytes += sequence.get(to++).memory();
    }
    return to;
  }

  private static int[] permutation(int n, ViewRandom random) {
    int[] order = new int[n];
    Arrays.setAll(order, i -> i);
    shuffle(order, 0, n, random);
    return order;
  }

  /** Each order equally likely (Fisher and Yates). */
  private static void shuffle(int[] rows, int from, int to, ViewRandom random) {
    for (int i = to - 1; i > from; i--) {
      int j = from + random.nextInt(i - from + 1);
      int kept = rows[i];
      rows[i] = rows[j];
      rows[j] = kept;
    }
  }
}
