package simsiam.pipelines.source.digest;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Work on many inputs by the threads of this machine, whose results come in the order of the
 * inputs: what is made of them is the same whatever their number.
 */
public final class InOrder {
  /** Pieces of work that are begun ahead of the result that is waited for, by thread. */
  private static final int AHEAD = 4;

  private InOrder() {}

  /**
   * Hands over the results as they come. The first failure is thrown; nothing more is begun then.
   *
   * @param together inputs that a thread takes at a time
   * @param results takes them in this thread
   */
  public static <I, O> void forEach(
      Iterator<? extends I> inputs,
      int together,
      Function<? super I, ? extends O> work,
      Consumer<? super O> results) {
    int threads = Runtime.getRuntime().availableProcessors();
    ExecutorService pool = Executors.newFixedThreadPool(threads, InOrder::daemon);
    try {
      Queue<Future<List<O>>> begun = new ArrayDeque<>();
      while (inputs.hasNext() || !begun.isEmpty()) {
        while (inputs.hasNext() && begun.size() < AHEAD * threads) {
          List<I> some = new ArrayList<>();
          while (inputs.hasNext() && some.size() < together) {
            some.add(inputs.next());
          }
          begun.add(
              pool.submit(
                  () -> {
                    List<O> done = new ArrayList<>();
                    some.forEach(input -> done.add(work.apply(input)));
                    return done;
                  }));
        }
        result(begun.remove()).forEach(results);
      }
    } finally {
      pool.shutdownNow();
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "in-order");
    thread.setDaemon(true);
    return thread;
  }

  private static <T> T result(Future<T> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while reading the data set", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
  }
}
