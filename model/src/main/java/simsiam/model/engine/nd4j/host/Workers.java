package simsiam.model.engine.nd4j.host;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * A fixed pool that runs the numbered tasks of one loop at a time; the caller works too. Which
 * worker runs a task is left to chance, so a task's result must depend on its number alone.
 */
public final class Workers implements AutoCloseable {
  /** One numbered part of a loop. */
  public interface Task {
    void run(int index, Scratch scratch);
  }

  /** One parallel loop. */
  private static final class Job {
    private final Task task;
    private final int tasks;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger finished = new AtomicInteger();

    Job(Task task, int tasks) {
      this.task = task;
      this.tasks = tasks;
    }
  }

  /** Turns of waiting before a thread sleeps: some tens of microseconds, longer than most loops. */
  private static final int SPINS = 2_000;

  private static final long PAUSE_NANOS = 50_000;

  private final Thread[] threads;
  private final Scratch[] scratches;
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private volatile Job job;
  private volatile boolean closed;

  public Workers(int count) {
    threads = new Thread[count - 1];
    scratches = new Scratch[count];
    for (int i = 0; i < count; i++) {
      scratches[i] = new Scratch(i);
    }
    try {
      for (int i = 0; i < threads.length; i++) {
        Scratch scratch = scratches[i + 1];
        threads[i] = new Thread(() -> serve(scratch), "nd4j-worker-" + (i + 1));
        threads[i].setDaemon(true);
        threads[i].start();
      }
    } catch (RuntimeException | Error e) { // no memory for one more thread
      close();
      throw e;
    }
  }

  public int count() {
    return threads.length + 1;
  }

  /** That of a worker by its number, for tasks that it runs. */
  Scratch scratch(int worker) {
    return scratches[worker];
  }

  /** Runs tasks 0 to {@code tasks - 1} and returns when all are done; the caller is one worker. */
  public void run(int tasks, Task task) {
    Job next = new Job(task, tasks);
    if (tasks > 1 && threads.length > 0) {
      job = next;
      for (Thread thread : threads) {
        LockSupport.unpark(thread);
      }
    }
    work(next, scratches[0]);
    for (int i = 0; next.finished.get() < tasks; i++) {
      if (i < SPINS) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(this, PAUSE_NANOS);
      }
    }
    Throwable thrown = failure.getAndSet(null);
    if (thrown != null) {
      throw new IllegalStateException("Cannot finish a step: a worker failed", thrown);
    }
  }

  private void work(Job current, Scratch scratch) {
    for (int i = current.next.getAndIncrement();
        i < current.tasks;
        i = current.next.getAndIncrement()) {
      try {
        current.task.run(i, scratch);
      } catch (RuntimeException | Error e) {
        failure.compareAndSet(null, e);
      } finally {
        current.finished.incrementAndGet();
      }
    }
  }

  private void serve(Scratch scratch) {
    Job last = null;
    while (!closed) {
      Job current = job;
      for (int i = 0; current == last && i < SPINS; i++) {
        Thread.onSpinWait();
        current = job;
      }
      if (current == last) {
        LockSupport.park(this);
      } else {
        last = current;
        work(current, scratch);
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    for (Thread thread : threads) {
      LockSupport.unpark(thread); // null, where not all could be made, is nobody
    }
  }
}
