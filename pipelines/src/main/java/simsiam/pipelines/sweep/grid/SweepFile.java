package simsiam.pipelines.sweep.grid;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import simsiam.pipelines.config.load.Assignment;
import simsiam.pipelines.config.load.ConfigError;
import simsiam.pipelines.config.load.ConfigException;
import simsiam.pipelines.config.load.ConfigLoader;
import simsiam.pipelines.config.load.Origin;
import simsiam.pipelines.config.load.Raw;
import simsiam.pipelines.config.load.Suggestions;

/** Reads the file of a sweep; strict, and reports every error at once. */
final class SweepFile {
  private static final String NAME = "[A-Za-z0-9._-]{1,60}";

  private enum Key {
    SWEEP,
    QUESTION,
    BASE,
    LEAST_STEPS,
    OVERRIDES,
    AXES,
    ZIP,
    EXCLUDE,
    POINTS,
    BASELINE,
    MEASURES,
    PAPER;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Path file;
  private final Optional<Path> shipped;
  private final List<ConfigError> errors;
  private final Raw.Section all;

  private SweepFile(Path file, Optional<Path> shipped, Raw.Section all, List<ConfigError> errors) {
    this.file = file;
    this.shipped = shipped;
    this.all = all;
    this.errors = errors;
  }

  /** Whether it is the file of a sweep, rather than a configuration or no YAML at all. */
  static boolean is(Path file, ConfigLoader loader) {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try {
      return loader.sections(file).entries().containsKey(Key.SWEEP.text());
    } catch (ConfigException e) {
      return false; // who reads it as a configuration says what is wrong
    }
  }

  /**
   * The sweep of a file.
   *
   * @param shipped the {@code conf} folder that came with the program
   * @param errors takes what is wrong
   * @throws ConfigException if it is no YAML
   */
  static SweepSpec read(
      Path file, Optional<Path> shipped, ConfigLoader loader, List<ConfigError> errors) {
    SweepFile reader = new SweepFile(file, shipped, loader.sections(file), errors);
    known("", reader.all, Arrays.stream(Key.values()).map(Key::text).toList(), errors);
    return reader.spec();
  }

  private SweepSpec spec() {
    List<List<Axis>> axes = new ArrayList<>();
    List<Assignment> overrides = new ArrayList<>();
    section(all, Key.OVERRIDES).ifPresent(set -> overrides.addAll(Axis.assignments(set)));
    section(all, Key.AXES).ifPresent(set -> axes(set).forEach(axis -> axes.add(List.of(axis))));
    sections(Key.ZIP, (set, origin) -> axes.add(zipped(axes(set), origin)));
    List<Condition> exclude = new ArrayList<>();
    sections(Key.EXCLUDE, (set, origin) -> exclude.add(Condition.read(set, errors)));
    List<SweepSpec.Adjustment> adjustments = new ArrayList<>();
    sections(Key.POINTS, (set, origin) -> adjustment(set).ifPresent(adjustments::add));
    Optional<Condition> baseline =
        section(all, Key.BASELINE).map(set -> Condition.read(set, errors));
    SweepSpec.Paper paper = section(all, Key.PAPER).map(this::paper).orElseGet(SweepFile::noPaper);
    SweepSpec spec =
        new SweepSpec(
            name(),
            text(all, Key.QUESTION.text()).orElse(""),
            text(all, Key.BASE.text()).map(this::beside),
            overrides,
            axes,
            exclude,
            adjustments,
            baseline,
            measures(),
            paper,
            leastSteps());
    requireConditions(spec);
    return spec;
  }

  private static SweepSpec.Paper noPaper() {
    return new SweepSpec.Paper("", List.of());
  }

  private String name() {
    String name = text(all, Key.SWEEP.text()).orElse("");
    if (!name.matches(NAME)) {
      Raw raw = all.entries().get(Key.SWEEP.text());
      Origin origin = raw == null ? all.origin() : raw.origin();
      errors.add(
          ConfigError.value("sweep", "a name of letters, digits, '.', '_', '-'", name, origin));
    }
    return name;
  }

  private Path beside(String base) {
    Path beside = file.resolveSibling(base);
    Path conf = shipped.map(folder -> folder.resolve(base)).orElse(beside);
    return Files.exists(beside) || !Files.exists(conf) ? beside.normalize() : conf;
  }

  private int leastSteps() {
    Optional<String> text = text(all, Key.LEAST_STEPS.text());
    if (text.isPresent() && !text.get().matches("\\d{1,6}")) {
      Origin origin = all.entries().get(Key.LEAST_STEPS.text()).origin();
      errors.add(ConfigError.value("least_steps", "an integer", text.get(), origin));
      return 0;
    }
    return text.map(Integer::parseInt).orElse(0);
  }

  private List<String> measures() {
    Raw raw = all.entries().get(Key.MEASURES.text());
    if (raw == null) {
      return SweepSpec.MEASURES;
    }
    if (raw instanceof Raw.Items list) {
      return list.values().stream().map(Raw::text).toList();
    }
    errors.add(
        ConfigError.value("measures", "a list such as [knn_top1]", raw.text(), raw.origin()));
    return List.of();
  }

  private List<Axis> axes(Raw.Section set) {
    List<Axis> axes = new ArrayList<>();
    set.entries()
        .forEach((name, raw) -> axes.add(Axis.read(name, set.keyOrigins().get(name), raw, errors)));
    return axes;
  }

  private List<Axis> zipped(List<Axis> axes, Origin origin) {
    List<Integer> sizes = axes.stream().map(axis -> axis.values().size()).distinct().toList();
    if (sizes.size() > 1) {
      errors.add(ConfigError.value("zip", "as many values for each", "" + sizes, origin));
    }
    return axes;
  }

  private Optional<SweepSpec.Adjustment> adjustment(Raw.Section entry) {
    known("points.", entry, List.of("when", "set"), errors);
    Optional<Raw.Section> when = section(entry, "when");
    Optional<Raw.Section> set = section(entry, "set");
    if (when.isEmpty() || set.isEmpty()) {
      errors.add(
          ConfigError.value("points", "{when: {...}, set: {...}}", entry.text(), entry.origin()));
      return Optional.empty();
    }
    return Optional.of(
        new SweepSpec.Adjustment(Condition.read(when.get(), errors), Axis.assignments(set.get())));
  }

  private SweepSpec.Paper paper(Raw.Section section) {
    known("paper.", section, List.of("setting", "figures"), errors);
    List<SweepSpec.Paper.Figure> figures = new ArrayList<>();
    sections(section, "figures", (entry, origin) -> figure(entry).ifPresent(figures::add));
    return new SweepSpec.Paper(text(section, "setting").orElse(""), figures);
  }

  private Optional<SweepSpec.Paper.Figure> figure(Raw.Section entry) {
    Optional<Raw.Section> when = section(entry, "when");
    if (when.isEmpty()) {
      errors.add(
          ConfigError.value(
              "paper.figures", "{when: {...}, measure: figure}", entry.text(), entry.origin()));
      return Optional.empty();
    }
    Map<String, BigDecimal> values = new LinkedHashMap<>();
    entry
        .entries()
        .forEach(
            (name, raw) -> {
              if (!name.equals("when") && !name.equals("note")) {
                try {
                  values.put(name, new BigDecimal(raw.text()));
                } catch (NumberFormatException e) {
                  errors.add(
                      ConfigError.value("paper." + name, "a number", raw.text(), raw.origin()));
                }
              }
            });
    return Optional.of(
        new SweepSpec.Paper.Figure(
            Condition.read(when.get(), errors), values, text(entry, "note").orElse("")));
  }

  /** A condition that asks an axis of this file for a value that it does not have is a mistake. */
  private void requireConditions(SweepSpec spec) {
    List<Condition> conditions = new ArrayList<>(spec.exclude());
    spec.adjustments().forEach(adjustment -> conditions.add(adjustment.when()));
    spec.baseline().ifPresent(conditions::add);
    spec.paper().figures().forEach(figure -> conditions.add(figure.when()));
    for (Condition condition : conditions) {
      for (Axis axis : spec.allAxes()) {
        for (String test : condition.tests().getOrDefault(axis.name(), List.of())) {
          requireValue(axis, test, condition.origins().get(axis.name()));
        }
      }
    }
  }

  private void requireValue(Axis axis, String test, Origin origin) {
    List<String> written = axis.values().stream().map(Axis.Value::written).toList();
    if (!Condition.comparison(test)
        && written.stream().noneMatch(text -> Condition.matches(test, text))) {
      errors.add(
          new ConfigError(
              "Cannot match axis %s: expected one of %s, got %s%s"
                  .formatted(
                      axis.name(),
                      String.join(", ", written),
                      test,
                      Suggestions.didYouMean(test, written)),
              origin));
    }
  }

  private static void known(
      String path, Raw.Section section, List<String> names, List<ConfigError> errors) {
    for (String key : section.entries().keySet()) {
      if (!names.contains(key)) {
        String near = Suggestions.didYouMean(key, names);
        errors.add(
            new ConfigError(
                "Cannot set %s%s: there is no such key%s"
                    .formatted(
                        path,
                        key,
                        near.isEmpty() ? " (known: " + String.join(", ", names) + ")" : near),
                section.keyOrigins().get(key)));
      }
    }
  }

  private Optional<String> text(Raw.Section section, String key) {
    Raw raw = section.entries().get(key);
    if (raw != null && !(raw instanceof Raw.Scalar)) {
      errors.add(ConfigError.value(key, "text", raw.text(), raw.origin()));
      return Optional.empty();
    }
    return Optional.ofNullable(raw).map(Raw::text);
  }

  private Optional<Raw.Section> section(Raw.Section section, Key key) {
    return section(section, key.text());
  }

  private Optional<Raw.Section> section(Raw.Section section, String key) {
    Raw raw = section.entries().get(key);
    if (raw == null || (raw instanceof Raw.Scalar scalar && scalar.absent())) {
      return Optional.empty();
    }
    if (raw instanceof Raw.Section found) {
      return Optional.of(found);
    }
    errors.add(ConfigError.value(key, "{name: value, ...}", raw.text(), raw.origin()));
    return Optional.empty();
  }

  private void sections(Key key, BiConsumer<Raw.Section, Origin> each) {
    sections(all, key.text(), each);
  }

  private void sections(Raw.Section section, String key, BiConsumer<Raw.Section, Origin> each) {
    Raw raw = section.entries().get(key);
    if (raw == null || (raw instanceof Raw.Scalar scalar && scalar.absent())) {
      return;
    }
    List<Raw> items = raw instanceof Raw.Items list ? list.values() : List.of(raw);
    for (Raw item : items) {
      if (item instanceof Raw.Section found) {
        each.accept(found, found.origin());
      } else {
        errors.add(
            ConfigError.value(key, "a list of {name: value, ...}", item.text(), item.origin()));
      }
    }
  }
}
