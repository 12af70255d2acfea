package simsiam.model.engine.nd4j;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Properties;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;
import org.slf4j.LoggerFactory;

/**
 * The native library under ND4J as it was found in this process.
 *
 * @param version of ND4J
 * @param threads of its OpenMP pool
 * @param oneDnn whether convolutions go through oneDNN, found by timing one with and without
 * @param gigaflops of that convolution, 10⁹ operations a second
 */
record Nd4jBackend(String version, int threads, boolean oneDnn, double gigaflops) {
  private static final MapShape PROBE = new MapShape(8, 16, 16, 32);
  private static final String LOGGER = "org.bytedeco.javacpp.logger";
  private static final int REPEATS = 25; // one of them is left alone even on a busy machine
  private static final int PLAIN_REPEATS = 5;
  private static final String POM = "/META-INF/maven/org.nd4j/nd4j-api/pom.properties";

  private static Nd4jBackend loaded;

  /** Loads and probes the library, once a process. */
  static synchronized Nd4jBackend load() {
    if (loaded == null) {
      routeLogging();
      Nd4j.getExecutioner(); // its class's initialiser finds and loads the backend
      if (!Nd4j.getEnvironment().isCPU()) {
        throw new IllegalStateException(
            "Cannot use ND4J: expected its CPU backend, got " + Nd4j.getBackend());
      }
      NativeOps ops = NativeOpsHolder.getInstance().getDeviceNativeOps();
      loaded = probe(readVersion(), ops.ompGetMaxThreads());
    }
    return loaded;
  }

  /** JavaCPP warns on stderr by itself; through slf4j it would also tell of every pointer. */
  private static void routeLogging() {
    boolean chatty = LoggerFactory.getLogger("org.bytedeco.javacpp").isDebugEnabled();
    if (!chatty && System.getProperty(LOGGER) == null) {
      System.setProperty(LOGGER, "slf4j");
    }
  }

  private static String readVersion() {
    Properties properties = new Properties();
    try (InputStream stream = Nd4j.class.getResourceAsStream(POM)) {
      properties.load(stream);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read ND4J's version from " + POM, e);
    }
    return properties.getProperty("version");
  }

  private static Nd4jBackend probe(String version, int threads) {
    int channels = PROBE.channels();
    try (NativeArray x = new NativeArray(PROBE.size());
        NativeArray y = new NativeArray(PROBE.size());
        NativeArray kernel = new NativeArray(9L * channels * channels);
        NativeOp convolution =
            NativeOp.convolution(
                new FeatureMap(PROBE, x).nhwc(),
                kernel.view(0, 3, 3, channels, channels),
                new FeatureMap(PROBE, y).nhwc(),
                1,
                1)) {
      long fast = fastest(convolution, REPEATS);
      convolution.allowHelpers(false);
      long plain = fastest(convolution, PLAIN_REPEATS);
      double operations = 2.0 * PROBE.size() * 9 * channels;
      return new Nd4jBackend(version, threads, plain > 2 * fast, operations / fast);
    }
  }

  /** Nanoseconds of the fastest of some runs, which a busy machine disturbs least. */
  private static long fastest(NativeOp op, int repeats) {
    op.run();
    long fastest = Long.MAX_VALUE;
    for (int i = 0; i < repeats; i++) {
      long start = System.nanoTime();
      op.run();
      fastest = Math.min(fastest, System.nanoTime() - start);
    }
    return fastest;
  }

  String describe() {
    return String.format(
        Locale.ROOT,
        "ND4J %s, CPU, %d threads, oneDNN %s (a small convolution: %.0f GFLOP/s)",
        version,
        threads,
        oneDnn ? "live" : "NOT live: training will be several times slower",
        gigaflops);
  }
}
