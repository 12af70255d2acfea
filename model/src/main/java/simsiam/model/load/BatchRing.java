package simsiam.model.load;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import simsiam.model.config.Reason;

/**
 * Makes batches ahead of their consumer, in order, in a ring of reused buffers of type B. Worker
 * threads claim small runs of images in the order of the epoch; a batch is started only when the
 * consumer has given back the buffer it goes to, so that never more than {@link #BUFFERS} are
 * alive. What is in a batch does not depend on which thread made it.
 */
final class BatchRing<B> implements AutoCloseable {
  /** One with the consumer, the others being made. */
  static final int BUFFERS = 3;

  /** Images a worker claims at once: enough to make the lock free, few enough to share evenly. */
  private static final int RUN = 8;

  /** What the batches are made of. */
  interface Source<B> extends AutoCloseable {
    /** Index after the last batch. */
    int batches();

    /** Indices in the image set of the images of a batch. */
    int[] indices(int batch);

    /** Name of the image at a place of a batch, for messages. */
    String name(int batch, int place);

    /** A buffer for the largest batch. */
    B buffer();

    /** A writer for one thread. */
    Writer<B> writer();

    /** What remains to be done once all images of a batch are in its buffer, by one thread. */
    default void complete(B buffer) {}

    /** A batch that was made. */
    ImageBatch batch(B buffer, int[] indices, Runnable release);

    /** Ends what goes on in the background; writers that wait for it get an exception. */
    @Override
    default void close() {}
  }

  /** Puts images into buffers; used by one thread. */
  interface Writer<B> {
    /**
     * Writes one image.
     *
     * @param place in the batch, which has {@code size} images
     */
    void write(int batch, int place, int size, B out);
  }

  /** A run of images of one batch. */
  private record Claim<B>(Slot<B> slot, int batch, int from, int to) {}

  private static final class Slot<B> {
    final B buffer;
    int[] indices = {};
    int batch = -1;
    int remaining;
    boolean made;
    int failedPlace;
    Throwable failure;
    boolean busy;

    Slot(B buffer) {
      this.buffer = buffer;
    }
  }

  private final Source<B> source;
  private final List<Slot<B>> slots;
  private final List<Thread> threads = new ArrayList<>();
  private int claimBatch;
  private int claimPlace;
  private int nextBatch;
  private Throwable broken;
  private boolean closed;

  private BatchRing(Source<B> source, int firstBatch, int threads) {
    this.source = source;
    this.claimBatch = firstBatch;
    this.nextBatch = firstBatch;
    int alive = Math.min(BUFFERS, Math.max(0, source.batches() - firstBatch));
    this.slots = IntStream.range(0, alive).mapToObj(i -> new Slot<>(source.buffer())).toList();
    for (int i = 0; i < threads; i++) {
      Writer<B> writer = source.writer();
      Thread thread = new Thread(() -> work(writer), "loader-" + i);
      thread.setDaemon(true);
      this.threads.add(thread);
    }
  }

  /** Length of a buffer for that many images of S×S pixels. */
  static int floats(long images, int size) {
    long floats = Math.multiplyExact(images, 3L * size * size);
    if (floats > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "Cannot make a batch: expected at most %s values, got %s (%s images of %sx%s)"
              .formatted(Integer.MAX_VALUE - 8, floats, images, size, size));
    }
    return (int) floats;
  }

  /**
   * A ring whose threads have begun. It closes the source: at once, and with what had begun, if it
   * cannot start, as where there is no memory for the buffers or for one more thread.
   */
  static <B> BatchRing<B> started(Source<B> source, int firstBatch, int threads) {
    BatchRing<B> ring;
    try {
      ring = new BatchRing<>(source, firstBatch, threads);
    } catch (RuntimeException | Error e) {
      source.close();
      throw e;
    }
    try {
      ring.threads.forEach(Thread::start);
      return ring;
    } catch (RuntimeException | Error e) {
      ring.close();
      throw e;
    }
  }

  synchronized boolean hasNext() {
    return nextBatch < source.batches();
  }

  /** The next batch, as soon as it is made. */
  synchronized ImageBatch next() {
    requireNext();
    Slot<B> slot = slot(nextBatch);
    if (slot.busy && slot.batch < nextBatch) {
      throw new IllegalStateException(
          "Cannot take batch %s: expected batch %s to be closed first, got it open"
              .formatted(nextBatch, slot.batch));
    }
    awaitMade(slot);
    if (closed) {
      throw new IllegalStateException("Cannot take batch: expected an open loader, got it closed");
    }
    if (!made(slot)) {
      throw new LoaderException(
          "Cannot take batch " + nextBatch + ": expected it to be made, got " + broken, broken);
    }
    if (slot.failure != null) {
      String name = source.name(slot.batch, slot.failedPlace);
      throw new LoaderException(
          "Cannot load image: expected pixels, got %s (%s)"
              .formatted(Reason.of(slot.failure), name),
          slot.failure);
    }
    nextBatch++;
    return source.batch(slot.buffer, slot.indices, () -> release(slot));
  }

  private void awaitMade(Slot<B> slot) {
    try {
      while (!closed && !made(slot) && !(broken != null && nextBatch >= claimBatch)) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LoaderException(
          "Cannot take batch %s: expected to be left waiting, got an interrupt"
              .formatted(nextBatch),
          e);
    }
  }

  private boolean made(Slot<B> slot) {
    return slot.batch == nextBatch && slot.made;
  }

  private void requireNext() {
    if (closed || nextBatch >= source.batches()) {
      throw new NoSuchElementException(
          "Cannot take batch %s: expected one of %s, got a loader that is %s"
              .formatted(nextBatch, source.batches(), closed ? "closed" : "at its end"));
    }
  }

  private Slot<B> slot(int batch) {
    return slots.get(batch % slots.size());
  }

  private synchronized void release(Slot<B> slot) {
    slot.busy = false;
    notifyAll();
  }

  private void work(Writer<B> writer) {
    try {
      for (Claim<B> claim = claim(); claim != null; claim = claim()) {
        make(claim, writer);
      }
    } catch (InterruptedException e) {
      // Nobody here interrupts workers: whoever does wants an end, and the consumer must hear it.
      stop();
    } catch (RuntimeException | Error e) {
      // Such as no memory where a batch begins: it will not be made, only those before it.
      stopFor(e);
    }
  }

  private synchronized void stopFor(Throwable failure) {
    broken = broken == null ? failure : broken;
    notifyAll();
  }

  private void make(Claim<B> claim, Writer<B> writer) {
    int size = claim.slot.indices.length;
    int place = claim.from;
    Throwable failure = null;
    try {
      for (; place < claim.to; place++) {
        writer.write(claim.batch, place, size, claim.slot.buffer);
      }
    } catch (Throwable e) {
      // Kept for the consumer, who throws it when it comes to this batch.
      failure = e;
    }
    if (finish(claim, place, failure)) {
      complete(claim.slot);
    }
  }

  private void complete(Slot<B> slot) {
    Throwable failure = null;
    try {
      source.complete(slot.buffer);
    } catch (Throwable e) {
      // Kept for the consumer, as those of images are.
      failure = e;
    }
    synchronized (this) {
      slot.failure = failure;
      slot.made = true;
      notifyAll();
    }
  }

  /** The next run of images to be made; null when there is none, or the ring was closed. */
  private synchronized Claim<B> claim() throws InterruptedException {
    while (claimable() && claimPlace == 0 && slot(claimBatch).busy) {
      wait();
    }
    if (!claimable()) {
      return null;
    }
    Slot<B> slot = slot(claimBatch);
    if (claimPlace == 0) {
      begin(slot);
    }
    int to = Math.min(slot.indices.length, claimPlace + RUN);
    Claim<B> claim = new Claim<>(slot, claimBatch, claimPlace, to);
    claimPlace = to;
    if (to == slot.indices.length) {
      claimBatch++;
      claimPlace = 0;
    }
    return claim;
  }

  private boolean claimable() {
    return !closed && broken == null && claimBatch < source.batches();
  }

  /** What can fail comes first: the slot stays that of its last batch, which was taken. */
  private void begin(Slot<B> slot) {
    int[] indices = source.indices(claimBatch);
    slot.busy = true;
    slot.batch = claimBatch;
    slot.indices = indices;
    slot.remaining = slot.indices.length;
    slot.failure = null;
    slot.failedPlace = 0;
    slot.made = false;
  }

  /**
   * The failure at the first place of a batch wins, whichever thread comes first.
   *
   * @return whether the batch has all its images and is to be completed
   */
  private synchronized boolean finish(Claim<B> claim, int place, Throwable failure) {
    Slot<B> slot = claim.slot;
    if (failure != null && (slot.failure == null || place < slot.failedPlace)) {
      slot.failure = failure;
      slot.failedPlace = place;
    }
    slot.remaining -= claim.to - claim.from;
    if (slot.remaining > 0) {
      return false;
    }
    slot.made = slot.failure != null;
    notifyAll();
    return !slot.made;
  }

  /** Stops the threads after the image each is at, and waits for them. */
  @Override
  public void close() {
    stop();
    source.close();
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void stop() {
    closed = true;
    notifyAll();
  }
}
