package simsiam.pipelines.bench.training;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import simsiam.model.bench.ResidentMemory;
import simsiam.model.engine.Engine;
import simsiam.model.engine.Rates;
import simsiam.model.engine.TrainingNet;
import simsiam.model.net.Method;
import simsiam.model.net.NetworkLayout;
import simsiam.model.train.EngineSelection;
import simsiam.pipelines.bench.measure.BenchResult;
import simsiam.pipelines.bench.measure.Benchmark;
import simsiam.pipelines.bench.measure.Figure;
import simsiam.pipelines.config.RunConfig;

/**
 * Many optimiser steps of a configuration's network on its engine, in ten parts: an engine that
 * leaks, fragments memory or slows down shows it.
 *
 * @param warmup steps before the first part
 * @param steps of all parts together
 */
public record EnduranceBench(int warmup, int steps) implements Benchmark {
  private static final int PARTS = 10;
  private static final double MIB = 1L << 20;

  /** Low, so that made-up pixels do not drive the weights to infinity. */
  private static final Rates RATES = new Rates(1e-3, 1e-3, 0.9, 5e-4);

  public static EnduranceBench standard() {
    return new EnduranceBench(50, 10_000);
  }

  @Override
  public BenchResult run(RunConfig config) {
    Engine engine = EngineSelection.of(config.train()).engine();
    int batch = config.train().batchSize();
    int size = config.augment().cropSize();
    float[] views = pixels(Method.of(config.network()).views() * batch * size * size * 3);
    List<List<Figure>> rows = new ArrayList<>();
    try (TrainingNet net =
        engine.create(config.network(), NetworkLayout.of(config.network()).initialise(1))) {
      for (int i = 0; i < warmup; i++) {
        net.step(views, batch, size, RATES);
      }
      for (int part = 1; part <= PARTS; part++) {
        rows.add(part(net, views, batch, size, part));
      }
    }
    return new BenchResult(
        String.format(
            Locale.ROOT,
            "Endurance: %,d steps of %s of width %d, batch %d of %d x %d pixels, after %d",
            steps,
            config.encoder().arch().name().toLowerCase(Locale.ROOT),
            config.encoder().width(),
            batch,
            size,
            size,
            warmup),
        rows,
        List.of(engine.name() + ": " + engine.describe()));
  }

  private List<Figure> part(TrainingNet net, float[] views, int batch, int size, int part) {
    double[] millis = new double[steps / PARTS];
    long cpu = cpuNanos();
    double loss = 0;
    for (int i = 0; i < millis.length; i++) {
      long start = System.nanoTime();
      loss = net.step(views, batch, size, RATES).loss();
      millis[i] = (System.nanoTime() - start) / 1e6;
    }
    double cpuMillis = (cpuNanos() - cpu) / 1e6 / millis.length;
    Arrays.sort(millis);
    long resident = ResidentMemory.now().orElse(-1);
    return List.of(
        Figure.count("to step", "to_step", (long) part * millis.length),
        Figure.measured("ms/step", "median_milliseconds", millis[millis.length / 2]),
        Figure.measured("CPU ms/step", "cpu_milliseconds", cpuMillis),
        new Figure(
            "resident, MiB",
            resident < 0 ? "unknown" : String.format(Locale.ROOT, "%,.0f", resident / MIB),
            "resident_bytes",
            resident < 0 ? null : resident),
        new Figure("loss", String.format(Locale.ROOT, "%.5f", loss), "loss", loss));
  }

  /** Of all threads of this process. */
  private static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static float[] pixels(int count) {
    SplittableRandom random = new SplittableRandom(1);
    float[] pixels = new float[count];
    for (int i = 0; i < count; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    return pixels;
  }
}
