package simsiam.pipelines.config.load;

import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The dotted snake_case names of configuration keys, taken from the records. */
final class KeyNames {
  private KeyNames() {}

  static String snakeCase(String camelCase) {
    return camelCase.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
  }

  static String of(RecordComponent component) {
    return snakeCase(component.getName());
  }

  static String constant(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  static String join(String section, String key) {
    return section.isEmpty() ? key : key.isEmpty() ? section : section + "." + key;
  }

  /**
   * Every key of a record and of the sections in it, of whatever kind, sections included, in
   * declared order.
   */
  static Map<String, RecordComponent> all(Class<?> type) {
    Map<String, RecordComponent> keys = new LinkedHashMap<>();
    collect("", type, keys);
    return keys;
  }

  private static void collect(String section, Class<?> type, Map<String, RecordComponent> keys) {
    for (Class<? extends Record> record : Variants.of(type).orElseThrow().records()) {
      for (RecordComponent component : record.getRecordComponents()) {
        String key = join(section, of(component));
        keys.putIfAbsent(key, component);
        if (Variants.of(component.getType()).isPresent()) {
          collect(key, component.getType(), keys);
        }
      }
    }
  }
}
