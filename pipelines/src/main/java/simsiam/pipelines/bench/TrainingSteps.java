package simsiam.pipelines.bench;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.SplittableRandom;
import simsiam.mlflow.TrackedRun;
import simsiam.model.engine.EngineSelection;
import simsiam.model.engine.Rates;
import simsiam.model.engine.SiameseNet;
import simsiam.model.engine.StepMetrics;
import simsiam.model.net.NetworkLayout;
import simsiam.pipelines.config.RunConfig;

/** Optimiser steps of a configuration's network on made-up pixels, each logged as training does. */
final class TrainingSteps implements AutoCloseable {
  private static final int WARM_UP = 100;
  private static final Rates RATES = new Rates(1e-3, 1e-3, 0.9, 5e-4);

  /**
   * What steps took, on average.
   *
   * @param millis by the clock
   * @param cpuMillis processor time of all threads of this process
   */
  record Cost(double millis, double cpuMillis) {}

  private final SiameseNet net;
  private final float[] views;
  private final int batch;
  private final int size;
  private long step;

  TrainingSteps(RunConfig config) {
    batch = config.train().batchSize();
    size = config.augment().cropSize();
    views = new float[config.objective().symmetry().views() * batch * size * size * 3];
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < views.length; i++) {
      views[i] = (float) random.nextGaussian();
    }
    net =
        EngineSelection.of(config.train())
            .engine()
            .create(config.network(), NetworkLayout.of(config.network()).initialise(1));
  }

  /** How many steps take a time, after a warm-up. */
  int countFor(Duration time) {
    for (int i = 0; i < WARM_UP; i++) {
      net.step(views, batch, size, RATES);
    }
    long start = System.nanoTime();
    net.step(views, batch, size, RATES);
    return (int) Math.max(1, time.toNanos() / (System.nanoTime() - start));
  }

  /** Steps, logged to a run. */
  Cost run(TrackedRun run, int count) {
    long cpu = cpuNanos();
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      StepMetrics metrics = net.step(views, batch, size, RATES);
      step++;
      run.metric("step/loss", metrics.loss(), step);
      run.metric("step/output_std", metrics.outputStd(), step);
    }
    double scale = 1e-6 / count;
    return new Cost((System.nanoTime() - start) * scale, (cpuNanos() - cpu) * scale);
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
