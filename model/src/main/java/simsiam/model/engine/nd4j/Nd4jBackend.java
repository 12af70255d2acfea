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
import simsiam.model.engine.nd4j.host.OneDnn;

/**
 * The native libraries under the engine as they were found in this process.
 *
 * @param version of ND4J
 * @param threads of the OpenMP pool that ND4J and oneDNN share
 * @param oneDnn version of oneDNN and the instructions that its convolutions use
 */
record Nd4jBackend(String version, int threads, String oneDnn) {
  private static final String LOGGER = "org.bytedeco.javacpp.logger";
  private static final String POM = "/META-INF/maven/org.nd4j/nd4j-api/pom.properties";

  private static Nd4jBackend loaded;

  /** Loads the libraries, once a process. */
  static synchronized Nd4jBackend load() {
    if (loaded == null) {
      routeLogging();
      Nd4j.getExecutioner(); // its class's initialiser finds and loads the backend
      if (!Nd4j.getEnvironment().isCPU()) {
        throw new IllegalStateException(
            "Cannot use ND4J: expected its CPU backend, got " + Nd4j.getBackend());
      }
      NativeOps ops = NativeOpsHolder.getInstance().getDeviceNativeOps();
      loaded = new Nd4jBackend(readVersion(), ops.ompGetMaxThreads(), OneDnn.describe());
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

  String describe() {
    return String.format(Locale.ROOT, "ND4J %s, %s, CPU, %d threads", version, oneDnn, threads);
  }
}
