package simsiam.pipelines.config.load;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A value as it was written, before it is bound to a type; knows where it stands. */
public sealed interface Raw {
  Origin origin();

  /** The value as a user would write it on one line. */
  String text();

  /**
   * A YAML scalar.
   *
   * @param quoted whether the text stood in quotes, so that empty means empty text
   */
  record Scalar(String text, boolean quoted, Origin origin) implements Raw {
    /** Whether nothing was written. */
    public boolean absent() {
      return text.isEmpty() && !quoted;
    }
  }

  /** A YAML sequence. */
  record Items(List<Raw> values, Origin origin) implements Raw {
    @Override
    public String text() {
      return values.stream().map(Raw::text).collect(Collectors.joining(", ", "[", "]"));
    }
  }

  /**
   * A YAML mapping.
   *
   * @param entries in the order written
   */
  record Section(Map<String, Raw> entries, Map<String, Origin> keyOrigins, Origin origin)
      implements Raw {
    @Override
    public String text() {
      return entries.entrySet().stream()
          .map(entry -> entry.getKey() + ": " + entry.getValue().text())
          .collect(Collectors.joining(", ", "{", "}"));
    }
  }
}
