package simsiam.model.load;

import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import simsiam.model.config.Reason;
import simsiam.model.data.ImageExample;
import simsiam.model.data.RowGroup;
import simsiam.model.data.ShardReader;

/**
 * The images of an epoch, read from shards ahead of those who take them: a thread reads row groups
 * in the order in which they are needed, as far as a budget of bytes allows; what is taken is
 * forgotten. Row groups of which no image will be taken are not read.
 *
 * <p>The budget holds at least a window of the shuffle, so that the reader waits only where images
 * of earlier windows are still there; these can be taken without waiting.
 */
final class StreamedEpoch implements EpochImages {
  private final ShardedImages images;
  private final ExampleDecoder decoder;
  private final RowShuffle.Plan plan;
  private final long budget;
  private final BitSet wanted = new BitSet();
  private final ImageExample[] read;
  private final Thread reader = new Thread(this::readAll, "loader-reader");
  private long held;
  private RuntimeException failure;
  private boolean closed;

  /**
   * @param first position of the first image that will be taken
   * @param budget bytes of images in memory, at least those of the largest window
   */
  StreamedEpoch(ShardedImages images, RowShuffle.Plan plan, int first, long budget) {
    this.images = images;
    this.decoder = images.decoder();
    this.plan = plan;
    this.budget = budget;
    this.read = new ImageExample[images.size()];
    for (int position = first; position < plan.rows().length; position++) {
      wanted.set(plan.rows()[position]);
    }
    reader.setDaemon(true);
    reader.start();
  }

  @Override
  public int index(int position) {
    return plan.rows()[position];
  }

  @Override
  public String name(int position) {
    return images.place(index(position));
  }

  @Override
  public Taken take(int position) {
    ImageExample example = await(index(position));
    return new Taken(example.id(), example.label(), decoder.decode(example));
  }

  private synchronized ImageExample await(int index) {
    try {
      while (read[index] == null && failure == null && !closed) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(
          "Cannot take image: expected to be left waiting, got an interrupt", e);
    }
    ImageExample example = read[index];
    if (example != null) {
      read[index] = null;
      held -= cost(example);
      notifyAll();
      return example;
    }
    if (failure != null) {
      throw failure;
    }
    throw new IllegalStateException("Cannot take image: expected an open epoch, got it closed");
  }

  /** Bytes of images that were read and not taken yet. */
  synchronized long held() {
    return held;
  }

  private static long cost(ImageExample example) {
    return (long) example.image().length + RowGroup.ROW_OVERHEAD;
  }

  private void readAll() {
    try {
      List<RowGroup> groups = neededGroups();
      for (int i = 0; i < groups.size(); ) {
        i = readShard(groups, i);
      }
    } catch (InterruptedException e) {
      fail(new IllegalStateException("Cannot read shards: expected no interrupt, got one", e));
    } catch (RuntimeException e) {
      fail(e);
    } catch (Error e) {
      fail(new IllegalStateException("Cannot read shards: expected rows, got " + Reason.of(e), e));
      throw e;
    }
  }

  private List<RowGroup> neededGroups() {
    return plan.groups().stream()
        .filter(
            group -> {
              int next = wanted.nextSetBit(group.first());
              return next >= 0 && next < group.end();
            })
        .toList();
  }

  /** Reads the groups of one shard from the {@code first} on; the index of the one after them. */
  private int readShard(List<RowGroup> groups, int first) throws InterruptedException {
    if (!awaitRoom(groups.get(first))) {
      return groups.size();
    }
    try (ShardReader shard = new ShardReader(groups.get(first).file())) {
      int next = first;
      while (next < groups.size() && groups.get(next).shard() == groups.get(first).shard()) {
        RowGroup group = groups.get(next);
        if (!awaitRoom(group)) {
          return groups.size();
        }
        keep(group, shard.rowGroup(group.group()));
        next++;
      }
      return next;
    }
  }

  /** Waits until the group fits beside what is there; false once the epoch is closed. */
  private synchronized boolean awaitRoom(RowGroup group) throws InterruptedException {
    while (!closed && held > 0 && held + group.memory() > budget) {
      wait();
    }
    return !closed;
  }

  private void keep(RowGroup group, Iterator<ImageExample> rows) {
    ImageExample[] examples = new ImageExample[group.rows()];
    for (int i = 0; i < examples.length; i++) {
      ImageExample example = rows.next();
      if (wanted.get(group.first() + i)) {
        examples[i] = example;
      }
    }
    publish(group, examples);
  }

  private synchronized void publish(RowGroup group, ImageExample[] examples) {
    for (int i = 0; i < examples.length; i++) {
      if (examples[i] != null) {
        read[group.first() + i] = examples[i];
        held += cost(examples[i]);
      }
    }
    notifyAll();
  }

  private synchronized void fail(RuntimeException e) {
    failure = e;
    notifyAll();
  }

  /** Lets the reader end after the row group it is at, and waits for it. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    boolean interrupted = false;
    while (reader.isAlive()) {
      try {
        reader.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
