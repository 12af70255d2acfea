package simsiam.pipelines.config.load;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import simsiam.model.engine.Device;
import simsiam.pipelines.remote.Places;

/** How the text of a scalar becomes a value of a key's type. */
final class ScalarTypes {
  private static final Pattern INTEGER = Pattern.compile("[+-]?\\d++(?:_\\d++)*+");
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?");

  private ScalarTypes() {}

  /** What a key of this type takes, in words that complete "expected ...". */
  static String expected(Class<?> type) {
    if (type.isEnum()) {
      return "one of " + String.join(", ", constants(type));
    }
    if (type == Device.class) {
      return Device.EXPECTED;
    }
    if (type == boolean.class) {
      return "true or false";
    }
    if (type == int.class) {
      return "an integer from " + Integer.MIN_VALUE + " to " + Integer.MAX_VALUE;
    }
    if (type == long.class) {
      return "an integer";
    }
    return type == String.class ? "text" : "a number";
  }

  /** The value, or empty if the text is not one of the type. */
  static Optional<Object> parse(Class<?> type, String text) {
    if (type == String.class) {
      return Optional.of(text);
    }
    if (type.isEnum()) {
      return Arrays.stream(type.getEnumConstants())
          .filter(constant -> KeyNames.constant((Enum<?>) constant).equals(text))
          .map(Object.class::cast)
          .findFirst();
    }
    if (type == Device.class) {
      return Device.parse(text).map(Object.class::cast);
    }
    if (type == boolean.class) {
      boolean known = text.equals("true") || text.equals("false");
      return known ? Optional.of(text.equals("true")) : Optional.empty();
    }
    if (type == int.class || type == long.class) {
      return integer(type, text);
    }
    if (type == double.class) {
      return number(text);
    }
    throw new IllegalArgumentException("Cannot bind a key: expected a known type, got " + type);
  }

  private static Optional<Object> integer(Class<?> type, String text) {
    if (!INTEGER.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      long value = Long.parseLong(text.replace("_", ""));
      if (type == long.class) {
        return Optional.of(value);
      }
      return value == (int) value ? Optional.of((int) value) : Optional.empty();
    } catch (NumberFormatException e) { // more digits than a long has
      return Optional.empty();
    }
  }

  private static Optional<Object> number(String text) {
    if (!NUMBER.matcher(text).matches()) {
      return Optional.empty();
    }
    double value = Double.parseDouble(text);
    return Double.isFinite(value) ? Optional.of(value) : Optional.empty();
  }

  static List<String> constants(Class<?> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(constant -> KeyNames.constant((Enum<?>) constant))
        .toList();
  }

  /**
   * An absolute path from one that may start at home, or at the folder of the file it is in.
   *
   * @param text in which {@link Places#problem} finds nothing
   */
  static String path(String text, Origin origin) {
    if (text.isEmpty() || Places.remote(text)) {
      return text;
    }
    if (text.equals("~") || text.startsWith("~/")) {
      return Path.of(System.getProperty("user.home") + text.substring(1)).normalize().toString();
    }
    Path given = Path.of(text);
    if (origin instanceof Origin.InFile place) {
      given = place.file().toAbsolutePath().resolveSibling(given);
    }
    return given.toAbsolutePath().normalize().toString();
  }

  static String suggestion(Class<?> type, String text) {
    return type.isEnum()
        ? Suggestions.didYouMean(text.toLowerCase(Locale.ROOT), constants(type))
        : "";
  }
}
