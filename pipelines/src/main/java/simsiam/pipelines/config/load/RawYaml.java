package simsiam.pipelines.config.load;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * Turns YAML text into {@link Raw} values. Scalars stay text until they meet the type of their key,
 * so YAML's own guesses ({@code no} as a boolean, {@code 1_0} as a number) play no part. Built from
 * the parser's events, so that depth and number of values are limited before they cost anything:
 * aliases can make a line of text stand for billions.
 */
final class RawYaml {
  static final int MAX_DEPTH = 20;

  /** Values that a document may hold, those that aliases repeat counted each time. */
  private static final int MAX_VALUES = 10_000;

  /** Characters of one value: a path has 4,096 at most. */
  static final int MAX_LENGTH = 5_000;

  private final ParserImpl parser;
  private final BiFunction<Integer, Integer, Origin> origins;
  private final List<ConfigError> errors;
  private final Map<String, Anchored> anchors = new HashMap<>();

  /** Anchors of the lists and sections that are being read. */
  private final Deque<String> open = new ArrayDeque<>();

  private int values;

  private RawYaml(
      String text, BiFunction<Integer, Integer, Origin> origins, List<ConfigError> errors) {
    this.parser = new ParserImpl(new StreamReader(text), new LoaderOptions());
    this.origins = origins;
    this.errors = errors;
  }

  /** A value with a name and the number of values in it, itself included. */
  private record Anchored(Raw value, int values) {}

  /** Ends the reading of a document: what follows could only repeat the error, or never end. */
  private static final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Origin origin;

    RefusedException(String expected, String got, Origin origin) {
      super("Cannot read YAML: expected " + expected + ", got " + got);
      this.origin = origin;
    }
  }

  /**
   * The value that the text holds.
   *
   * @param origins from a line and a column of the text, both from 1
   * @param errors takes what is wrong
   * @return empty if the text holds no value or is not YAML
   */
  static Optional<Raw> parse(
      String text, BiFunction<Integer, Integer, Origin> origins, List<ConfigError> errors) {
    Optional<ConfigError> unprintable = unprintable(text, origins);
    if (unprintable.isPresent()) {
      errors.add(unprintable.get());
      return Optional.empty();
    }
    RawYaml yaml = new RawYaml(text, origins, errors);
    try {
      return yaml.document();
    } catch (RefusedException e) {
      errors.add(new ConfigError(e.getMessage(), e.origin));
    } catch (MarkedYAMLException e) {
      errors.add(new ConfigError("Cannot read YAML: " + problem(e), yaml.origin(mark(e))));
    } catch (YAMLException e) { // a limit of the library itself
      errors.add(new ConfigError("Cannot read YAML: " + e.getMessage(), origins.apply(1, 1)));
    }
    return Optional.empty();
  }

  /** The parser would name no place. */
  private static Optional<ConfigError> unprintable(
      String text, BiFunction<Integer, Integer, Origin> origins) {
    int line = 1;
    int start = 0;
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      int character = text.codePointAt(i);
      if (!StreamReader.isPrintable(character)) {
        return Optional.of(
            new ConfigError(
                String.format(
                    Locale.ROOT,
                    "Cannot read YAML: expected printable text, got the character U+%04X",
                    character),
                origins.apply(line, text.codePointCount(start, i) + 1)));
      }
      if (character == '\n') {
        line++;
        start = i + 1;
      }
    }
    return Optional.empty();
  }

  private Optional<Raw> document() {
    parser.getEvent(); // start of the stream
    if (parser.checkEvent(Event.ID.StreamEnd)) {
      return Optional.empty();
    }
    parser.getEvent(); // start of the document
    Raw value = value(0);
    parser.getEvent(); // its end
    if (!parser.checkEvent(Event.ID.StreamEnd)) {
      Origin second = origin(parser.peekEvent().getStartMark());
      throw new RefusedException("a single document", "another one", second);
    }
    return Optional.of(value);
  }

  private Raw value(int depth) {
    Event event = parser.getEvent();
    Origin origin = origin(event.getStartMark());
    if (depth > MAX_DEPTH) {
      throw new RefusedException("values at most " + MAX_DEPTH + " deep", "deeper ones", origin);
    }
    if (event instanceof AliasEvent alias) {
      return repeated(alias.getAnchor(), origin);
    }
    int before = values;
    count(1, origin);
    String anchor = ((NodeEvent) event).getAnchor();
    open.push(anchor == null ? "" : anchor);
    Raw value;
    if (event instanceof ScalarEvent scalar) {
      value = scalar(scalar, origin);
    } else if (event instanceof SequenceStartEvent) {
      value = items(origin, depth);
    } else {
      value = section((MappingStartEvent) event, depth);
    }
    open.pop();
    if (anchor != null) {
      anchors.put(anchor, new Anchored(value, values - before));
    }
    return value;
  }

  private static Raw scalar(ScalarEvent event, Origin origin) {
    String text = event.getValue();
    if (text.length() > MAX_LENGTH) {
      String got = text.length() + ": " + ConfigError.shown(text);
      throw new RefusedException("at most " + MAX_LENGTH + " characters a value", got, origin);
    }
    return new Raw.Scalar(text, event.getScalarStyle() != ScalarStyle.PLAIN, origin);
  }

  private Raw repeated(String anchor, Origin origin) {
    if (open.contains(anchor)) {
      throw new RefusedException("a value that ends", "*" + anchor + " inside &" + anchor, origin);
    }
    Anchored anchored = anchors.get(anchor);
    if (anchored == null) {
      throw new RefusedException("&" + anchor + " before it", "*" + anchor + " alone", origin);
    }
    count(anchored.values(), origin);
    return anchored.value();
  }

  private void count(int more, Origin origin) {
    values += more;
    if (values > MAX_VALUES) {
      throw new RefusedException(
          "at most " + MAX_VALUES + " values, those of aliases included", "more", origin);
    }
  }

  private Raw items(Origin origin, int depth) {
    List<Raw> items = new ArrayList<>();
    while (!parser.checkEvent(Event.ID.SequenceEnd)) {
      items.add(value(depth + 1));
    }
    parser.getEvent();
    return new Raw.Items(items, origin);
  }

  private Raw section(MappingStartEvent start, int depth) {
    Map<String, Raw> entries = new LinkedHashMap<>();
    Map<String, Origin> keyOrigins = new LinkedHashMap<>();
    while (!parser.checkEvent(Event.ID.MappingEnd)) {
      Origin keyOrigin = origin(parser.peekEvent().getStartMark());
      Raw key = value(depth + 1);
      Raw value = value(depth + 1);
      if (!(key instanceof Raw.Scalar name)) {
        errors.add(
            new ConfigError("Cannot read a key: expected a name, got a list or map", keyOrigin));
        continue;
      }
      Origin earlier = keyOrigins.putIfAbsent(name.text(), keyOrigin);
      if (earlier != null) {
        String shown = ConfigError.shown(name.text());
        errors.add(
            new ConfigError(
                "Cannot set " + shown + " twice: it is already set at " + earlier, keyOrigin));
        continue;
      }
      entries.put(name.text(), value);
    }
    parser.getEvent();
    return new Raw.Section(entries, keyOrigins, origin(start.getStartMark()));
  }

  private Origin origin(Mark mark) {
    return origins.apply(mark.getLine() + 1, mark.getColumn() + 1);
  }

  private static Mark mark(MarkedYAMLException e) {
    return e.getProblemMark() == null ? e.getContextMark() : e.getProblemMark();
  }

  private static String problem(MarkedYAMLException e) {
    String problem = e.getProblem() == null ? e.getContext() : e.getProblem();
    List<String> parts = new ArrayList<>(List.of(problem));
    if (problem.contains("\\t")) {
      parts.add("indent with spaces, not with tabs");
    } else if (e.getContext() != null && e.getProblem() != null) {
      parts.add(e.getContext());
    }
    return String.join("; ", parts);
  }
}
