package simsiam.pipelines.config.load;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import simsiam.model.config.Kind;

/**
 * The records that a section of a configuration may be: one, or those of a sealed interface, of
 * which a key of the section says which it is.
 *
 * @param key the one that says it; empty where there is one record only
 */
public record Variants(String key, List<Class<? extends Record>> records) {
  /** Those of a section; empty if the type is that of a value. */
  static Optional<Variants> of(Class<?> type) {
    if (type.isRecord()) {
      return Optional.of(new Variants("", List.of(type.asSubclass(Record.class))));
    }
    if (!type.isSealed()) {
      return Optional.empty();
    }
    List<Class<? extends Record>> records = new ArrayList<>();
    for (Class<?> permitted : type.getPermittedSubclasses()) {
      records.add(permitted.asSubclass(Record.class));
    }
    return Optional.of(new Variants(type.getAnnotation(Kind.Key.class).value(), records));
  }

  /** The record of a section; of one that does not say which, that for all other kinds. */
  Class<? extends Record> of(Raw.Section section) {
    String kind = kind(section);
    return records.stream()
        .filter(record -> kinds(record).contains(kind))
        .findFirst()
        .orElseGet(this::others);
  }

  private Class<? extends Record> others() {
    return records.stream().filter(record -> kinds(record).isEmpty()).findFirst().orElseThrow();
  }

  /** The kind that a section says it is; empty if it says none. */
  String kind(Raw.Section section) {
    return section.entries().get(key) instanceof Raw.Scalar scalar ? scalar.text() : "";
  }

  /** Whether there is such a kind. */
  boolean isKind(String kind) {
    RecordComponent component = component(records.get(0), key).orElseThrow();
    return ScalarTypes.constants(component.getType()).contains(kind);
  }

  private static List<String> kinds(Class<?> record) {
    Kind kind = record.getAnnotation(Kind.class);
    return kind == null ? List.of() : Arrays.asList(kind.value());
  }

  /** Whether a key is one of some records only. */
  boolean isOfSome(String name) {
    return records.stream().anyMatch(record -> component(record, name).isEmpty());
  }

  /** The kinds that have a key, in words; empty if none has. */
  Optional<String> having(String name) {
    List<String> kinds = new ArrayList<>();
    for (Class<? extends Record> record : records) {
      if (component(record, name).isPresent()) {
        kinds.addAll(kinds(record).isEmpty() ? List.of("others") : kinds(record));
      }
    }
    return kinds.isEmpty()
        ? Optional.empty()
        : Optional.of(kinds.stream().collect(Collectors.joining(", ")));
  }

  /** Names of all keys, each once. */
  List<String> names() {
    return records.stream()
        .flatMap(record -> Arrays.stream(record.getRecordComponents()))
        .map(KeyNames::of)
        .distinct()
        .toList();
  }

  private static Optional<RecordComponent> component(Class<?> record, String name) {
    return Arrays.stream(record.getRecordComponents())
        .filter(component -> KeyNames.of(component).equals(name))
        .findFirst();
  }
}
