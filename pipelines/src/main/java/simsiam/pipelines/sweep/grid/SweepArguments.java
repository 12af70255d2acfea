package simsiam.pipelines.sweep.grid;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import simsiam.pipelines.config.load.Assignment;
import simsiam.pipelines.config.load.ConfigError;
import simsiam.pipelines.config.load.ConfigException;
import simsiam.pipelines.config.load.ConfigLoader;
import simsiam.pipelines.config.load.Origin;
import simsiam.pipelines.config.load.Raw;
import simsiam.pipelines.config.load.Suggestions;

/**
 * What a user asks for on the command line: a sweep's file or none, a base, and {@code
 * key=value,value} words. A key with one value is an override of the base, unless the sweep has an
 * axis of that name; for an axis of the file the values of the command line count alone.
 *
 * @param file of the sweep; empty: the words say it all
 * @param base in place of the file's
 * @param words {@code key=value}, {@code key=value,value}, {@code key=0..4}
 */
public record SweepArguments(Optional<Path> file, Optional<Path> base, List<String> words) {
  /** Name of a sweep that has no file. */
  private static final String GRID = "grid";

  public SweepArguments {
    words = List.copyOf(words);
  }

  /** Whether a file is that of a sweep, rather than a configuration. */
  public static boolean names(Path file, Optional<Path> shipped) {
    return SweepFile.is(file, new ConfigLoader(shipped));
  }

  /**
   * The name of a sweep, whatever its base, by its file.
   *
   * @throws ConfigException if the file is not that of a sweep as it should be
   */
  public static String name(Path file, Optional<Path> shipped) {
    List<ConfigError> errors = new ArrayList<>();
    SweepSpec spec = SweepFile.read(file, shipped, new ConfigLoader(shipped), errors);
    if (!errors.isEmpty()) {
      throw new ConfigException(errors);
    }
    return spec.name();
  }

  /**
   * The points that come of it.
   *
   * @param shipped the {@code conf} folder that came with the program
   * @throws ConfigException with everything that is wrong
   */
  public Sweep expand(Optional<Path> shipped) {
    ConfigLoader loader = new ConfigLoader(shipped);
    List<ConfigError> errors = new ArrayList<>();
    SweepSpec written =
        file.isPresent()
            ? SweepFile.read(file.get(), shipped, loader, errors)
            : SweepSpec.empty(GRID);
    SweepSpec spec = withWords(written, errors);
    Optional<Path> from = base.or(spec::base);
    if (from.isEmpty()) {
      Origin origin =
          file.<Origin>map(path -> new Origin.InFile(path, 0, 0))
              .orElseGet(() -> new Origin.CommandLine(String.join(" ", words)));
      errors.add(new ConfigError("Cannot expand a sweep: expected a base, got none", origin));
      throw new ConfigException(errors);
    }
    Optional<Sweep> sweep = new Grid(spec, from.get(), loader, errors).expand();
    if (!errors.isEmpty()) {
      throw new ConfigException(errors);
    }
    return sweep.orElseThrow();
  }

  private SweepSpec withWords(SweepSpec written, List<ConfigError> errors) {
    List<Assignment> overrides = new ArrayList<>(written.overrides());
    List<List<Axis>> axes = new ArrayList<>(written.axes());
    for (String word : words) {
      Origin origin = new Origin.CommandLine(word);
      int equals = word.indexOf('=');
      if (equals <= 0) {
        errors.add(
            new ConfigError("Cannot read " + word + ": expected key=value or key=a,b", origin));
        continue;
      }
      String key = word.substring(0, equals).strip();
      List<Raw> values =
          parts(word.substring(equals + 1)).stream()
              .flatMap(part -> Assignment.value(part, origin, errors).stream())
              .toList();
      Optional<List<Axis>> group =
          axes.stream().filter(axis -> named(axis, key).isPresent()).findFirst();
      if (group.isPresent()) {
        axes.set(axes.indexOf(group.get()), replaced(group.get(), key, origin, values, errors));
      } else {
        Axis axis = Axis.typed(key, origin, values, errors);
        if (axis.values().size() == 1) {
          overrides.addAll(axis.values().get(0).assignments());
        } else {
          axes.add(List.of(axis));
        }
      }
    }
    return written.with(overrides, axes);
  }

  private static Optional<Axis> named(List<Axis> group, String name) {
    return group.stream().filter(axis -> axis.name().equals(name)).findFirst();
  }

  private static List<Axis> replaced(
      List<Axis> group, String key, Origin origin, List<Raw> values, List<ConfigError> errors) {
    Axis axis = named(group, key).orElseThrow();
    Axis replacement =
        axis.labelled()
            ? chosen(axis, origin, values, errors)
            : Axis.typed(key, origin, values, errors);
    boolean together = group.size() > 1;
    if (together && replacement.values().size() != axis.values().size()) {
      errors.add(
          new ConfigError(
              "Cannot replace axis %s: expected %s values, as it goes together with others, got %s"
                  .formatted(key, axis.values().size(), replacement.values().size()),
              origin));
      return group;
    }
    return group.stream().map(other -> other.name().equals(key) ? replacement : other).toList();
  }

  /** Those of an axis's sets that the command line names by their labels. */
  private static Axis chosen(Axis axis, Origin origin, List<Raw> labels, List<ConfigError> errors) {
    List<Axis.Value> values = new ArrayList<>();
    List<String> known = axis.values().stream().map(Axis.Value::label).toList();
    for (Raw label : labels) {
      int at = known.indexOf(label.text());
      if (at >= 0) {
        values.add(axis.values().get(at));
      } else {
        String got = label.text() + Suggestions.didYouMean(label.text(), known);
        String expected = "one of " + String.join(" | ", known);
        errors.add(ConfigError.value("axis " + axis.name(), expected, got, origin));
      }
    }
    return new Axis(axis.name(), origin, true, values);
  }

  /** The values between commas that are not inside brackets or quotes. */
  static List<String> parts(String text) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    char quote = 0;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quote != 0) {
        quote = c == quote ? 0 : quote;
      } else if (c == '"' || c == '\'') {
        quote = i == start ? c : 0;
      } else if (c == '[' || c == '{') {
        depth++;
      } else if (c == ']' || c == '}') {
        depth--;
      } else if (c == ',' && depth == 0) {
        parts.add(text.substring(start, i));
        start = i + 1;
      }
    }
    parts.add(text.substring(start));
    return parts;
  }
}
