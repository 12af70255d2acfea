package simsiam.pipelines.bench.tracking;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import simsiam.mlflow.client.TrackedRun;
import simsiam.model.engine.Rates;
import simsiam.model.engine.StepMetrics;
import simsiam.model.engine.TrainingNet;
import simsiam.model.net.Method;
import simsiam.model.net.NetworkLayout;
import simsiam.model.train.EngineSelection;
import simsiam.pipelines.config.RunConfig;

/** Optimiser steps of a configuration's network on made-up pixels, each logged as training does. */
final class TrainingSteps implements AutoCloseable {
  private static final int WARM_UP = 20;
  private static final Rates RATES = new Rates(1e-3, 1e-3, 0.9, 5e-4);

  /**
   * What steps took, on average.
   *
   * @param millis by the clock
   * @param cpuMillis processor time of all threads of this process
   * @param trackingMillis of this, that of the threads that send
   */
  record Cost(double millis, double cpuMillis, double trackingMillis) {}

  private final TrainingNet net;
  private final float[] views;
  private final int batch;
  private final int size;
  private final long stepNanos;
  private long step;

  TrainingSteps(RunConfig config) {
    batch = config.train().batchSize();
    size = config.augment().cropSize();
    views = new float[Method.of(config.network()).views() * batch * size * size * 3];
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < views.length; i++) {
      views[i] = (float) random.nextGaussian();
    }
    net =
        EngineSelection.of(config.train())
            .engine()
            .create(config.network(), NetworkLayout.of(config.network()).initialise(1));
    stepNanos = timeOne();
  }

  /** How many steps take a time. */
  int countFor(Duration time) {
    return (int) Math.max(1, time.toNanos() / stepNanos);
  }

  private long timeOne() {
    long start = 0;
    for (int i = 0; i < 2 * WARM_UP; i++) {
      start = i == WARM_UP ? System.nanoTime() : start;
      net.step(views, batch, size, RATES);
    }
    return (System.nanoTime() - start) / WARM_UP;
  }

  /** Steps, logged to a run. */
  Cost run(TrackedRun run, int count) throws InterruptedException {
    Map<Long, Long> tracking = trackingNanos();
    long cpu = cpuNanos();
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      StepMetrics metrics = net.step(views, batch, size, RATES);
      step++;
      run.metric("step/loss", metrics.loss(), step);
      run.metric("step/output_std", metrics.outputStd(), step);
    }
    double scale = 1e-6 / count;
    double millis = (System.nanoTime() - start) * scale;
    return new Cost(millis, (cpuNanos() - cpu) * scale, trackingNanos(tracking) * scale);
  }

  /** Of each thread that sends, by its id. */
  private static Map<Long, Long> trackingNanos() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    Map<Long, Long> nanos = new HashMap<>();
    for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
      String name = thread == null ? "" : thread.getThreadName();
      if (name.startsWith("tracking-") || name.startsWith("HttpClient-")) {
        nanos.put(thread.getThreadId(), threads.getThreadCpuTime(thread.getThreadId()));
      }
    }
    return nanos;
  }

  /** Of the threads that are there in the end; one that ended since is left out. */
  private static long trackingNanos(Map<Long, Long> before) {
    return trackingNanos().entrySet().stream()
        .mapToLong(thread -> thread.getValue() - before.getOrDefault(thread.getKey(), 0L))
        .filter(nanos -> nanos > 0)
        .sum();
  }

  private static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  @Override
  public void close() {
    net.close();
  }
}
