package simsiam.pipelines.sweep.grid;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import simsiam.pipelines.config.load.ConfigError;
import simsiam.pipelines.config.load.Origin;
import simsiam.pipelines.config.load.Raw;

/**
 * What tells some points of a sweep from the others: it holds for those of which every name has one
 * of its values.
 *
 * @param tests by name of an axis, or key: values, or comparisons such as {@code >=1024}
 * @param origins where each name is written
 */
public record Condition(Map<String, List<String>> tests, Map<String, Origin> origins) {
  private static final Pattern COMPARISON = Pattern.compile("(>=|<=|>|<) *(-?[0-9.eE+-]+)");

  static Condition read(Raw.Section section, List<ConfigError> errors) {
    Map<String, List<String>> tests = new LinkedHashMap<>();
    section
        .entries()
        .forEach(
            (name, raw) -> {
              List<String> texts = new ArrayList<>();
              for (Raw item : raw instanceof Raw.Items list ? list.values() : List.of(raw)) {
                Axis.range(item, errors).forEach(value -> texts.add(value.text()));
              }
              tests.put(name, List.copyOf(texts));
            });
    return new Condition(tests, section.keyOrigins());
  }

  /**
   * Whether it holds for a point.
   *
   * @param texts what the point has for a name, in every way that it may be written
   */
  public boolean holds(Function<String, Set<String>> texts) {
    return tests.entrySet().stream()
        .allMatch(
            test -> {
              Set<String> has = texts.apply(test.getKey());
              return test.getValue().stream()
                  .anyMatch(wanted -> has.stream().anyMatch(text -> matches(wanted, text)));
            });
  }

  static boolean comparison(String test) {
    return COMPARISON.matcher(test).matches();
  }

  public static boolean matches(String test, String text) {
    Matcher comparison = COMPARISON.matcher(test);
    if (!comparison.matches()) {
      return Axis.canonical(test).equals(Axis.canonical(text));
    }
    int order;
    try {
      order = new BigDecimal(text).compareTo(new BigDecimal(comparison.group(2)));
    } catch (NumberFormatException e) { // neither more nor less than a number
      return false;
    }
    return switch (comparison.group(1)) {
      case ">=" -> order >= 0;
      case "<=" -> order <= 0;
      case ">" -> order > 0;
      default -> order < 0;
    };
  }
}
