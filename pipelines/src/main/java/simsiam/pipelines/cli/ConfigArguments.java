package simsiam.pipelines.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Parameters;
import simsiam.pipelines.config.ConfigLoader;
import simsiam.pipelines.config.LoadedConfig;

/** The arguments that name a configuration. */
final class ConfigArguments {
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

  LoadedConfig load() {
    return new ConfigLoader(shipped()).load(file, overrides);
  }

  /** The configurations that came with the program. */
  static Optional<Path> shipped() {
    return Optional.ofNullable(System.getProperty("simsiam.home"))
        .map(home -> Path.of(home, "conf"));
  }

  /** The arguments, to be typed again. */
  String asTyped() {
    List<String> words = new ArrayList<>(List.of(file.toString()));
    words.addAll(overrides);
    return Call.quoted(words);
  }
}
