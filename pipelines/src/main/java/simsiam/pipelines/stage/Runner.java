package simsiam.pipelines.stage;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What executes the Beam pipelines. All but {@link #DIRECT} come with a Maven profile. */
public enum Runner {
  DIRECT("DirectRunner"),
  FLINK("FlinkRunner"),
  SPARK("SparkRunner"),
  DATAFLOW("DataflowRunner");

  private final String beamName;

  Runner(String beamName) {
    this.beamName = beamName;
  }

  /**
   * The runner of a name such as {@code flink} or, as Beam has it, {@code FlinkRunner}.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Runner named(String name) {
    return Arrays.stream(values())
        .filter(
            runner ->
                name.equalsIgnoreCase(runner.name()) || name.equalsIgnoreCase(runner.beamName))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "expected %s, got %s"
                        .formatted(
                            Arrays.stream(values())
                                .map(Runner::toString)
                                .collect(Collectors.joining(", ")),
                            name)));
  }

  /** As Beam's {@code --runner} has it. */
  public String beamName() {
    return beamName;
  }

  /** Maven profile that adds its jars; empty for the one that is always there. */
  public Optional<String> profile() {
    return this == DIRECT ? Optional.empty() : Optional.of(toString());
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
