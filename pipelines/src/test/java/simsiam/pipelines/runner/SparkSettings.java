package simsiam.pipelines.runner;

import java.util.List;
import java.util.Map;

/** What a job for the cluster on this machine asks for, as system properties of the driver. */
public final class SparkSettings implements AutoCloseable {
  private static final Map<String, String> SETTINGS =
      Map.of(
          "spark.driver.host", "127.0.0.1",
          "spark.driver.bindAddress", "127.0.0.1",
          "spark.executor.memory", "512m",
          "spark.executor.cores", "2",
          "spark.ui.enabled", "false");

  /** The same as options of Java. */
  public static List<String> options() {
    return SETTINGS.entrySet().stream()
        .map(setting -> "-D" + setting.getKey() + "=" + setting.getValue())
        .toList();
  }

  void set() {
    SETTINGS.forEach(System::setProperty);
  }

  @Override
  public void close() {
    SETTINGS.keySet().forEach(System::clearProperty);
  }
}
