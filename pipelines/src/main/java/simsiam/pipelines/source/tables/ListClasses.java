package simsiam.pipelines.source.tables;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import simsiam.pipelines.source.listing.SourceProblem;

/**
 * The classes of a list of images.
 *
 * @param fixed whether a file gives them, so that labels may be positions in it
 * @param column of the labels, for messages
 */
public record ListClasses(
    List<String> names, Map<String, Integer> positions, boolean fixed, String column) {
  private static final String LABEL = "label";

  /** The classes of a file of names, for labels called so. */
  public static ListClasses named(List<String> names, String place) {
    return named(names, LABEL, place);
  }

  /** The classes of a file of names. */
  static ListClasses named(List<String> names, String column, String place) {
    if (names.isEmpty() || new HashSet<>(names).size() < names.size()) {
      throw SourceProblem.of("class names, each once", "%s (%s)".formatted(names, place));
    }
    return new ListClasses(names, positions(names), true, column);
  }

  /**
   * Whether a label says that the class is not known: nothing, or -1, as floats are written too.
   */
  public boolean unknown(String label) {
    return !positions.containsKey(label) && isUnknown(label);
  }

  private static boolean isUnknown(String label) {
    return label.isEmpty() || label.matches("-1(\\.0+)?");
  }

  /** The distinct ones of labels called so, see below. */
  public static ListClasses found(Collection<String> labels, String place) {
    return found(labels, LABEL, place);
  }

  /**
   * The distinct labels, sorted: by value where all are whole numbers.
   *
   * @param place the list, for messages
   */
  static ListClasses found(Collection<String> labels, String column, String place) {
    List<String> distinct =
        labels.stream().filter(label -> !isUnknown(label)).distinct().sorted().toList();
    for (String label : distinct) {
      if (label.matches("-[1-9]\\d*") || isFraction(label)) {
        throw SourceProblem.of(
            "class names or whole numbers from 0 in column %s, -1 or nothing where the class is not known (a file class_names.txt beside the list allows any names)"
                .formatted(column),
            "'%s' (%s)".formatted(label, place));
      }
    }
    if (distinct.stream().allMatch(label -> label.matches("\\d+"))) {
      distinct = distinct.stream().sorted(Comparator.comparing(BigInteger::new)).toList();
    }
    return new ListClasses(distinct, positions(distinct), false, column);
  }

  /** Whether it measures something rather than names it. */
  private static boolean isFraction(String label) {
    return label.matches("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d{1,3})?")
        && new BigDecimal(label).stripTrailingZeros().scale() > 0;
  }

  /** The class index of a label. */
  public int of(String label, String place) {
    Integer position = positions.get(label);
    if (position != null) {
      return position;
    }
    if (fixed && label.matches("\\d{1,9}") && Integer.parseInt(label) < names.size()) {
      return Integer.parseInt(label);
    }
    throw SourceProblem.of(
        "a class name or a number from 0 to %s in column %s".formatted(names.size() - 1, column),
        "'%s' (%s)".formatted(label, place));
  }

  private static Map<String, Integer> positions(List<String> names) {
    Map<String, Integer> positions = new HashMap<>();
    for (String name : names) {
      positions.put(name, positions.size());
    }
    return positions;
  }
}
