package simsiam.pipelines.config.load;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.redact.Redaction;

/**
 * Loads a run's configuration: a YAML file, those it extends, and overrides from the command line,
 * the later over the earlier. Strict, and reports every error at once.
 */
public final class ConfigLoader {
  private final Optional<Path> distributionConf;

  /**
   * A loader that knows the configs shipped with the program.
   *
   * @param distributionConf the {@code conf} folder that came with the program, searched for
   *     extended files that are not beside the config
   */
  public ConfigLoader(Optional<Path> distributionConf) {
    this.distributionConf = distributionConf;
  }

  /**
   * The configuration of a file and overrides.
   *
   * @param overrides {@code section.key=value}
   * @throws ConfigException with everything that is wrong
   */
  public LoadedConfig load(Path file, List<String> overrides) {
    return load(file, overrides, List.of());
  }

  /**
   * The configuration of a file and values over it that were written elsewhere, such as in the file
   * of a sweep.
   *
   * @param assignments the later over the earlier
   * @throws ConfigException with everything that is wrong
   */
  public LoadedConfig loadWith(Path file, List<Assignment> assignments) {
    return load(file, List.of(), assignments);
  }

  /**
   * The sections of one YAML file as they are written: what it extends is not looked at.
   *
   * @throws ConfigException if it cannot be read
   */
  public Raw.Section sections(Path file) {
    List<ConfigError> errors = new ArrayList<>();
    Raw.Section section =
        new ConfigFiles(distributionConf, errors).parse(file, new Origin.InFile(file, 0, 0));
    if (!errors.isEmpty()) {
      throw new ConfigException(errors);
    }
    return section;
  }

  private LoadedConfig load(Path file, List<String> overrides, List<Assignment> assignments) {
    List<ConfigError> errors = new ArrayList<>();
    ConfigFiles files = new ConfigFiles(distributionConf, errors);
    Raw.Section all = Overrides.overlay(files.read(file), overrides, errors);
    for (Assignment assignment : assignments) {
      all = ConfigFiles.overlay(all, assignment.section());
    }
    RecordBinder binder = new RecordBinder(RunConfig.class, errors);
    // After a file that cannot be read, complaints about what it lacks would only hide the cause.
    Optional<RunConfig> config =
        files.complete() ? binder.bind(RunConfig.class, "", all) : Optional.empty();
    if (!errors.isEmpty()) {
      throw new ConfigException(errors);
    }
    RunConfig loaded = config.orElseThrow();
    Redaction.learn(
        ConfigValues.all(loaded).values().stream()
            .filter(String.class::isInstance)
            .map(String.class::cast)
            .toList());
    List<String> typed = new ArrayList<>(overrides);
    assignments.forEach(assignment -> typed.add(assignment.toString()));
    return new LoadedConfig(loaded, file, typed, binder.origins());
  }
}
