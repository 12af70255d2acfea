package simsiam.pipelines.bench.measure;

import java.io.Closeable;
import java.lang.management.ManagementFactory;
import simsiam.model.bench.ResidentMemory;

/** Watches how much of the heap is alive, by a collection every second, and what is resident. */
public final class LiveMemory implements Closeable {
  private static final long PERIOD_MS = 1000;

  private final long start = live();
  private final Thread thread = new Thread(this::watch, "bench-memory");
  private long most = start;
  private long mostResident;
  private int samples;

  public LiveMemory() {
    thread.setDaemon(true);
    thread.start();
  }

  /** Bytes alive when watching began. */
  public long start() {
    return start;
  }

  /** The most bytes that were alive since the last call, or the start; looks once more. */
  public synchronized long most() {
    sample();
    long found = most;
    most = 0;
    return found;
  }

  /** The most bytes of the process that were resident; 0 where the system does not tell. */
  public synchronized long mostResident() {
    return mostResident;
  }

  public synchronized int samples() {
    return samples;
  }

  private void watch() {
    try {
      while (true) {
        Thread.sleep(PERIOD_MS);
        sample();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void sample() {
    mostResident = Math.max(mostResident, ResidentMemory.now().orElse(0));
    most = Math.max(most, live());
    samples++;
  }

  /** Bytes alive now. */
  public static long live() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
