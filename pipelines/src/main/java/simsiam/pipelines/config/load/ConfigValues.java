package simsiam.pipelines.config.load;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import simsiam.model.config.Execution;
import simsiam.model.config.Neutral;
import simsiam.model.engine.Device;
import simsiam.pipelines.config.RunConfig;

/**
 * The values of a configuration under their dotted keys, in plain types: numbers ({@link
 * java.math.BigDecimal} in shortest form for doubles), booleans, text, lists of these, and lists of
 * sections as maps.
 */
public final class ConfigValues {
  private ConfigValues() {}

  /** Every value, in declared order. */
  public static Map<String, Object> all(RunConfig config) {
    Map<String, Object> values = new LinkedHashMap<>();
    collect("", config, Which.ALL, values);
    return values;
  }

  /** Every value that can change a result, in declared order. */
  public static Map<String, Object> results(RunConfig config) {
    Map<String, Object> values = new LinkedHashMap<>();
    collect("", config, Which.RESULTS, values);
    return values;
  }

  /**
   * The values under some keys or sections that can change a result: those marked {@link Execution}
   * and those at their {@link Neutral} value are left out.
   *
   * @throws IllegalArgumentException if the configuration has no such key
   */
  public static SortedMap<String, Object> slice(RunConfig config, Collection<String> keys) {
    Map<String, Object> values = new LinkedHashMap<>();
    collect("", config, Which.FINGERPRINT, values);
    SortedMap<String, Object> slice = new TreeMap<>();
    Collection<String> known = KeyNames.all(RunConfig.class).keySet();
    for (String key : keys) {
      if (!known.contains(key)) {
        throw new IllegalArgumentException(
            "Cannot take a slice of the configuration: expected a known key, got " + key);
      }
      values.forEach(
          (name, value) -> {
            if (name.equals(key) || name.startsWith(key + ".")) {
              slice.put(name, value);
            }
          });
    }
    return Collections.unmodifiableSortedMap(slice);
  }

  /** Which keys are asked for. */
  enum Which {
    ALL,
    /**
     * Without those marked {@link Execution}, and those of some kinds of a section only that are at
     * their {@link Neutral} value.
     */
    RESULTS,
    /** Of these, without those at their {@link Neutral} value. */
    FINGERPRINT
  }

  static void collect(String section, Record record, Which which, Map<String, Object> values) {
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      if (which != Which.ALL && component.isAnnotationPresent(Execution.class)) {
        continue;
      }
      String key = KeyNames.join(section, KeyNames.of(component));
      Object value = value(record, component);
      if (value instanceof Record inner) {
        collect(key, inner, which, values);
      } else if (which == Which.ALL
          || !isNeutral(component, value)
          || (which == Which.RESULTS && !isOfSomeKinds(record, component))) {
        values.put(key, plain(value, which));
      }
    }
  }

  /** Whether it may be left out of a file, as other kinds of its section do not have it. */
  private static boolean isOfSomeKinds(Record record, RecordComponent component) {
    return Arrays.stream(record.getClass().getInterfaces())
        .filter(Class::isSealed)
        .flatMap(type -> Variants.of(type).stream())
        .anyMatch(variants -> variants.isOfSome(KeyNames.of(component)));
  }

  private static boolean isNeutral(RecordComponent component, Object value) {
    Neutral neutral = component.getAnnotation(Neutral.class);
    return neutral != null && neutral.value().equals(String.valueOf(plain(value, Which.ALL)));
  }

  private static Object value(Record record, RecordComponent component) {
    try {
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Cannot read " + component + " of " + record, e);
    }
  }

  private static Object plain(Object value, Which which) {
    if (value instanceof List<?> list) {
      return list.stream().map(item -> plain(item, which)).toList();
    }
    if (value instanceof Record section) {
      Map<String, Object> inner = new LinkedHashMap<>();
      collect("", section, which, inner);
      return Collections.unmodifiableMap(inner);
    }
    if (value instanceof Double number) {
      return Decimals.shortest(number);
    }
    if (value instanceof Device device) {
      // Which of several it is changes no result, and is another number where others are visible.
      return which == Which.FINGERPRINT ? KeyNames.constant(device.kind()) : device.toString();
    }
    return value instanceof Enum<?> constant ? KeyNames.constant(constant) : value;
  }
}
