package simsiam.pipelines.config.load;

import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import simsiam.model.config.InvalidConfigException;
import simsiam.model.config.Neutral;
import simsiam.pipelines.config.RelativePath;
import simsiam.pipelines.remote.Places;

/**
 * Binds sections to records, strictly: every key must be known, none may be missing. A section of
 * several kinds has the keys of its own kind alone. Collects all errors and where every value came
 * from.
 */
final class RecordBinder {
  private final Map<String, RecordComponent> known;
  private final List<ConfigError> errors;
  private final Map<String, Origin> origins = new LinkedHashMap<>();

  RecordBinder(Class<? extends Record> root, List<ConfigError> errors) {
    this.known = KeyNames.all(root);
    this.errors = errors;
  }

  /** Where each key bound so far was given; sections too. */
  Map<String, Origin> origins() {
    return origins;
  }

  /** The record, or empty if something in the section is wrong. */
  <T> Optional<T> bind(Class<T> type, String path, Raw raw) {
    Variants variants = Variants.of(type).orElseThrow();
    origins.put(path, raw.origin());
    if (!(raw instanceof Raw.Section section)) {
      String keys = String.join(", ", variants.names());
      errors.add(
          ConfigError.value(path, "a section with the keys " + keys, raw.text(), raw.origin()));
      return Optional.empty();
    }
    Class<? extends Record> chosen = variants.of(section);
    rejectUnknown(variants, chosen, path, section);
    RecordComponent[] components = chosen.getRecordComponents();
    List<Object> values = new ArrayList<>();
    for (RecordComponent component : components) {
      component(component, path, section).ifPresent(values::add);
    }
    return values.size() == components.length
        ? construct(chosen, path, values.toArray()).map(type::cast)
        : Optional.empty();
  }

  private void rejectUnknown(Variants variants, Class<?> chosen, String path, Raw.Section section) {
    List<String> names = Arrays.stream(chosen.getRecordComponents()).map(KeyNames::of).toList();
    for (String key : section.entries().keySet()) {
      if (names.contains(key)) {
        continue;
      }
      String full = KeyNames.join(path, key);
      Optional<String> kinds = variants.having(key);
      if (kinds.isEmpty()) {
        errors.add(unknown(path, full, names, section.keyOrigins().get(key)));
      } else if (variants.isKind(variants.kind(section))) { // else that is what is wrong
        errors.add(
            new ConfigError(
                "Cannot set %s: expected %s to be %s, as no other has this key, got %s"
                    .formatted(
                        full,
                        KeyNames.join(path, variants.key()),
                        kinds.get(),
                        variants.kind(section)),
                section.keyOrigins().get(key)));
      }
    }
  }

  private ConfigError unknown(String path, String full, List<String> names, Origin origin) {
    String near = Suggestions.didYouMean(full, known.keySet());
    String has = path.isEmpty() ? "known: " : path + " has ";
    return new ConfigError(
        "Cannot set "
            + ConfigError.shown(full)
            + ": there is no such key"
            + (near.isEmpty() ? " (" + has + String.join(", ", names) + ")" : near),
        origin);
  }

  private Optional<?> component(RecordComponent component, String path, Raw.Section section) {
    String name = KeyNames.of(component);
    String key = KeyNames.join(path, name);
    boolean inner = Variants.of(component.getType()).isPresent();
    Raw raw =
        Optional.ofNullable(section.entries().get(name))
            .or(() -> neutral(component, section.origin()))
            .orElse(null);
    if (raw == null) {
      String what = inner ? "section " : "";
      errors.add(
          new ConfigError(
              "Cannot find " + what + key + ": every key needs a value, or extends: base.yaml",
              section.origin()));
      return Optional.empty();
    }
    if (inner) {
      return bind(component.getType(), key, raw);
    }
    origins.put(key, raw.origin());
    if (component.getType() == List.class) {
      return list(component, key, raw);
    }
    Optional<Object> value = scalar(component.getType(), key, raw);
    return component.isAnnotationPresent(RelativePath.class)
        ? value.flatMap(text -> path(key, (String) text, raw.origin()))
        : value;
  }

  /** What a file of an earlier release, which names every key of its time, means by its silence. */
  private static Optional<Raw> neutral(RecordComponent component, Origin origin) {
    if (component.getType().isRecord()) {
      boolean all =
          Arrays.stream(component.getType().getRecordComponents())
              .allMatch(inner -> neutral(inner, origin).isPresent());
      return all ? Optional.of(new Raw.Section(Map.of(), Map.of(), origin)) : Optional.empty();
    }
    Neutral neutral = component.getAnnotation(Neutral.class);
    if (neutral == null) {
      return Optional.empty();
    }
    String text = neutral.value();
    if (component.getType() != List.class) {
      return Optional.of(new Raw.Scalar(text, true, origin));
    }
    List<Raw> items =
        Arrays.stream(text.substring(1, text.length() - 1).split(", ", -1))
            .filter(item -> !item.isEmpty())
            .<Raw>map(item -> new Raw.Scalar(item, true, origin))
            .toList();
    return Optional.of(new Raw.Items(items, origin));
  }

  private Optional<String> path(String key, String text, Origin origin) {
    Optional<String> problem = Places.problem(text);
    if (problem.isPresent()) {
      errors.add(ConfigError.value(key, problem.get(), text, origin));
      return Optional.empty();
    }
    return Optional.of(ScalarTypes.path(text, origin));
  }

  private Optional<List<Object>> list(RecordComponent component, String key, Raw raw) {
    Class<?> boxed =
        (Class<?>) ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0];
    Class<?> type = MethodType.methodType(boxed).unwrap().returnType();
    if (!(raw instanceof Raw.Items items)) {
      String expected =
          Variants.of(boxed)
              .map(inner -> "a list of sections with the keys " + String.join(", ", inner.names()))
              .orElse("a list such as [0.2, 1.0]");
      errors.add(ConfigError.value(key, expected, raw.text(), raw.origin()));
      return Optional.empty();
    }
    List<Object> values = new ArrayList<>();
    for (Raw item : items.values()) {
      Optional<?> value =
          Variants.of(boxed).isPresent()
              ? bind(boxed, key + "[" + values.size() + "]", item)
              : scalar(type, key, item);
      value.ifPresent(values::add);
    }
    return values.size() == items.values().size() ? Optional.of(values) : Optional.empty();
  }

  private Optional<Object> scalar(Class<?> type, String key, Raw raw) {
    Optional<Object> value =
        raw instanceof Raw.Scalar scalar && !scalar.absent()
            ? ScalarTypes.parse(type, scalar.text())
            : Optional.empty();
    if (value.isEmpty()) {
      String near = ScalarTypes.suggestion(type, raw.text());
      String got = ConfigError.shown(raw.text()) + near;
      errors.add(ConfigError.value(key, ScalarTypes.expected(type), got, raw.origin()));
    }
    return value;
  }

  private <T extends Record> Optional<T> construct(Class<T> type, String path, Object[] values) {
    Class<?>[] types =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      Constructor<T> constructor = type.getDeclaredConstructor(types);
      return Optional.of(constructor.newInstance(values));
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof InvalidConfigException invalid) {
        errors.addAll(ConfigErrors.of(invalid.violations(), path, origins));
        return Optional.empty();
      }
      throw new IllegalStateException("Cannot make " + type, e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Cannot make " + type, e);
    }
  }
}
