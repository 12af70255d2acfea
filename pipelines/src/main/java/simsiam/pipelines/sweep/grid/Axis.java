package simsiam.pipelines.sweep.grid;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import simsiam.pipelines.config.load.Assignment;
import simsiam.pipelines.config.load.ConfigError;
import simsiam.pipelines.config.load.Origin;
import simsiam.pipelines.config.load.Raw;

/**
 * What is varied, and the values it takes.
 *
 * @param name the dotted key, or any name for values that set several keys
 * @param labelled whether the values are sets of keys under labels of their own
 */
public record Axis(String name, Origin origin, boolean labelled, List<Value> values) {
  public static final String SEED = "seed";

  private static final int MOST_VALUES = 10_000;
  private static final Pattern RANGE = Pattern.compile("(-?\\d{1,9})\\.\\.(-?\\d{1,9})");
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d{1,3})?");

  public Axis {
    values = List.copyOf(values);
  }

  /**
   * One place on the axis.
   *
   * @param label as it is shown; numbers in plain decimals
   * @param written as the user wrote it
   */
  public record Value(String label, String written, List<Assignment> assignments) {
    public Value {
      assignments = List.copyOf(assignments);
    }
  }

  /** The axis that a file has under a name: a value, a list of values, or sets under labels. */
  static Axis read(String name, Origin origin, Raw raw, List<ConfigError> errors) {
    if (raw instanceof Raw.Section sets) {
      List<Value> values = new ArrayList<>();
      sets.entries().forEach((label, set) -> values.add(set(name, label, set, errors)));
      return checked(new Axis(name, origin, true, values), errors);
    }
    return checked(new Axis(name, origin, false, values(name, origin, raw, errors)), errors);
  }

  /** The axis of that name with these values, given on the command line in their own order. */
  static Axis typed(String name, Origin origin, List<Raw> texts, List<ConfigError> errors) {
    Raw all = texts.size() == 1 ? texts.get(0) : new Raw.Items(texts, origin);
    List<Value> values =
        texts.size() == 1 && all instanceof Raw.Items
            ? List.of(plain(name, origin, all)) // one value that is a list
            : values(name, origin, all, errors);
    return checked(new Axis(name, origin, false, values), errors);
  }

  private static Axis checked(Axis axis, List<ConfigError> errors) {
    List<String> labels = axis.values.stream().map(Value::label).toList();
    if (labels.isEmpty()) {
      errors.add(ConfigError.value("axis " + axis.name, "values", "none", axis.origin));
    }
    List<String> twice =
        labels.stream().filter(label -> labels.indexOf(label) < labels.lastIndexOf(label)).toList();
    if (!twice.isEmpty()) {
      errors.add(
          ConfigError.value(
              "axis " + axis.name, "every value once", twice.get(0) + " twice", axis.origin));
    }
    return axis;
  }

  private static Value set(String axis, String label, Raw raw, List<ConfigError> errors) {
    List<Assignment> assignments = new ArrayList<>();
    if (raw instanceof Raw.Section set) {
      assignments.addAll(assignments(set));
    } else {
      errors.add(
          ConfigError.value(
              "axis " + axis, "{key: value, ...} for " + label, raw.text(), raw.origin()));
    }
    return new Value(label, label, assignments);
  }

  /** The entries of a section of {@code dotted.key: value} lines. */
  static List<Assignment> assignments(Raw.Section section) {
    List<Assignment> assignments = new ArrayList<>();
    for (Map.Entry<String, Raw> entry : section.entries().entrySet()) {
      Origin origin = section.keyOrigins().get(entry.getKey());
      assignments.add(new Assignment(entry.getKey(), origin, entry.getValue()));
    }
    return assignments;
  }

  private static List<Value> values(String key, Origin origin, Raw raw, List<ConfigError> errors) {
    List<Raw> items = raw instanceof Raw.Items list ? list.values() : List.of(raw);
    List<Value> values = new ArrayList<>();
    for (Raw item : items) {
      for (Raw single : range(item, errors)) {
        values.add(plain(key, origin, single));
      }
    }
    return values;
  }

  private static Value plain(String key, Origin origin, Raw raw) {
    return new Value(canonical(raw.text()), raw.text(), List.of(new Assignment(key, origin, raw)));
  }

  /** The integers of {@code 0..4}; any other value as it is. */
  static List<Raw> range(Raw raw, List<ConfigError> errors) {
    Matcher range = RANGE.matcher(raw.text());
    if (!(raw instanceof Raw.Scalar) || !range.matches()) {
      return List.of(raw);
    }
    long first = Long.parseLong(range.group(1));
    long last = Long.parseLong(range.group(2));
    if (last < first || last - first >= MOST_VALUES) {
      String expected = "from the smaller to the larger, at most " + MOST_VALUES + " values";
      errors.add(ConfigError.value("a range", expected, raw.text(), raw.origin()));
      return List.of();
    }
    List<Raw> values = new ArrayList<>();
    for (long i = first; i <= last; i++) {
      values.add(new Raw.Scalar(Long.toString(i), false, raw.origin()));
    }
    return values;
  }

  /** One text for all ways to write a number. */
  static String canonical(String text) {
    return NUMBER.matcher(text).matches()
        ? plainDecimal(new BigDecimal(text.startsWith("+") ? text.substring(1) : text))
        : text;
  }

  static String plainDecimal(BigDecimal value) {
    return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
  }
}
