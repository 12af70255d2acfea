package simsiam.pipelines.cli.call;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Parameters;
import simsiam.pipelines.cli.console.UsageException;
import simsiam.pipelines.config.load.ConfigLoader;
import simsiam.pipelines.config.load.LoadedConfig;
import simsiam.pipelines.sweep.grid.SweepArguments;

/** The arguments that name a configuration. */
public final class ConfigArguments {
  @Parameters(
      index = "0",
      paramLabel = "CONFIG",
      description = "a YAML file, such as conf/quickstart.yaml")
  private Path file;

  @Parameters(
      index = "1..*",
      paramLabel = "key=value",
      description = "values over those of the file: train.epochs=5")
  private List<String> overrides = List.of();

  /**
   * The configuration.
   *
   * @throws UsageException if the file is that of a sweep
   */
  public LoadedConfig load() {
    if (SweepArguments.names(file, shipped())) {
      throw new UsageException(
          "Cannot read %s as a configuration: it is a sweep. Run its points with: %s ablate %s"
              .formatted(file, Call.program(), asTyped()));
    }
    return new ConfigLoader(shipped()).load(file, overrides);
  }

  /** The configurations that came with the program. */
  public static Optional<Path> shipped() {
    return Optional.ofNullable(System.getProperty("simsiam.home"))
        .map(home -> Path.of(home, "conf"));
  }

  /** All of them, the file first. */
  public List<String> words() {
    List<String> words = new ArrayList<>(List.of(file.toString()));
    words.addAll(overrides);
    return words;
  }

  /** The arguments, to be typed again. */
  public String asTyped() {
    return Call.quoted(words());
  }
}
