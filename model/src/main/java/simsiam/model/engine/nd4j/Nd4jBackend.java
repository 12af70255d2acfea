package simsiam.model.engine.nd4j;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import org.nd4j.common.config.ND4JClassLoading;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;
import org.slf4j.LoggerFactory;

/**
 * ND4J's native libraries as they were found in this process, which runs them on the CPU or on
 * CUDA: ND4J settles for one as soon as it is touched.
 *
 * @param version of ND4J
 * @param cuda the device; empty on the CPU
 * @param threads of the OpenMP pool that ND4J and oneDNN share; on CUDA 1, as none computes
 */
public record Nd4jBackend(String version, Optional<Nd4jCuda> cuda, int threads) {
  private static final String LOGGER = "org.bytedeco.javacpp.logger";
  private static final String POM = "/META-INF/maven/org.nd4j/nd4j-api/pom.properties";
  private static final String FOR_CPU = "org.nd4j.linalg.cpu.nativecpu.CpuBackend";
  private static final String FOR_CUDA = "org.nd4j.linalg.jcublas.JCublasBackend";

  private static Nd4jBackend loaded;

  /**
   * Loads the libraries for the CPU, once a process.
   *
   * @throws IllegalStateException if this process has loaded those for CUDA
   */
  public static Nd4jBackend load() {
    return load(Optional.empty());
  }

  /**
   * Loads the libraries for CUDA, once a process.
   *
   * @throws IllegalStateException if this build or this machine cannot run ND4J on CUDA, or this
   *     process has loaded those for the CPU
   */
  static Nd4jBackend loadCuda() {
    Nd4jCuda cuda = Nd4jCuda.found();
    cuda.problem()
        .ifPresent(
            problem -> {
              throw new IllegalStateException(
                  "Cannot use ND4J on CUDA: expected a CUDA device that it can use, got none (%s)"
                      .formatted(problem));
            });
    return load(Optional.of(cuda));
  }

  private static synchronized Nd4jBackend load(Optional<Nd4jCuda> cuda) {
    if (loaded == null) {
      routeLogging();
      ND4JClassLoading.setNd4jClassloader(
          new OneBackend(Nd4j.class.getClassLoader(), cuda.isPresent() ? FOR_CUDA : FOR_CPU));
      Nd4j.getExecutioner(); // its class's initialiser finds and loads the backend
      loaded =
          new Nd4jBackend(
              readVersion(),
              Nd4j.getEnvironment().isCPU() ? Optional.empty() : cuda,
              Nd4j.getEnvironment().isCPU()
                  ? NativeOpsHolder.getInstance().getDeviceNativeOps().ompGetMaxThreads()
                  : 1);
    }
    if (loaded.cuda().isPresent() != cuda.isPresent()) {
      throw new IllegalStateException(
          "Cannot use ND4J on %s: expected a process that has not used it otherwise, got one that"
                  .formatted(cuda.isPresent() ? "CUDA" : "the CPU")
              + " has (ND4J runs on one of them a process)");
    }
    return loaded;
  }

  /**
   * Shows ND4J one of the backends on the class path. By itself it would take CUDA's wherever it
   * finds a device, and print a stack trace where it finds none.
   */
  static final class OneBackend extends ClassLoader {
    private static final String SERVICE = "META-INF/services/org.nd4j.linalg.factory.Nd4jBackend";

    private final String backend;

    OneBackend(ClassLoader parent, String backend) {
      super(parent);
      this.backend = backend;
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
      List<URL> found = Collections.list(super.getResources(name));
      if (!name.equals(SERVICE)) {
        return Collections.enumeration(found);
      }
      List<URL> shown = new ArrayList<>();
      for (URL url : found) {
        try (InputStream stream = url.openStream()) {
          if (new String(stream.readAllBytes(), StandardCharsets.UTF_8).contains(backend)) {
            shown.add(url);
          }
        }
      }
      return Collections.enumeration(shown);
    }
  }

  /** JavaCPP warns on stderr by itself; through slf4j it would also tell of every pointer. */
  static void routeLogging() {
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

  /**
   * What computes, in words.
   *
   * @param library that the kernels call on the CPU
   */
  String describe(String library) {
    return cuda.map(device -> "ND4J %s, %s".formatted(version, device.describe()))
        .orElseGet(
            () ->
                String.format(
                    Locale.ROOT, "ND4J %s, %s, CPU, %d threads", version, library, threads));
  }
}
