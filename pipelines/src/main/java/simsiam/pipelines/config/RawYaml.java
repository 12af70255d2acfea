package simsiam.pipelines.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Turns YAML text into {@link Raw} values. Scalars stay text until they meet the type of their key,
 * so YAML's own guesses ({@code no} as a boolean, {@code 1_0} as a number) play no part.
 */
final class RawYaml {
  private static final int MAX_DEPTH = 20;

  private final Function<Mark, Origin> origins;
  private final List<ConfigError> errors;

  private RawYaml(Function<Mark, Origin> origins, List<ConfigError> errors) {
    this.origins = origins;
    this.errors = errors;
  }

  /**
   * The value that the text holds.
   *
   * @param origins from a place in the text; the mark is null where the parser names none
   * @param errors takes what is wrong
   * @return empty if the text holds no value or is not YAML
   */
  static Optional<Raw> parse(
      String text, Function<Mark, Origin> origins, List<ConfigError> errors) {
    try {
      LoaderOptions options = new LoaderOptions();
      ParserImpl parser = new ParserImpl(new StreamReader(text), options);
      Node node = new Composer(parser, new Resolver(), options).getSingleNode();
      return node == null
          ? Optional.empty()
          : Optional.of(new RawYaml(origins, errors).convert(node, 0));
    } catch (MarkedYAMLException e) {
      errors.add(new ConfigError("Cannot read YAML: " + problem(e), origins.apply(mark(e))));
    } catch (ReaderException e) {
      String character = String.format(Locale.ROOT, "U+%04X", e.getCodePoint());
      errors.add(
          new ConfigError(
              "Cannot read YAML: expected printable text, got the character " + character,
              origins.apply(null)));
    }
    return Optional.empty();
  }

  private Raw convert(Node node, int depth) {
    Origin origin = origins.apply(node.getStartMark());
    if (depth > MAX_DEPTH) {
      errors.add(
          new ConfigError("Cannot read YAML: nested more than " + MAX_DEPTH + " deep", origin));
      return new Raw.Scalar("", false, origin);
    }
    if (node instanceof ScalarNode scalar) {
      boolean quoted = scalar.getScalarStyle() != ScalarStyle.PLAIN;
      return new Raw.Scalar(scalar.getValue(), quoted, origin);
    }
    if (node instanceof SequenceNode sequence) {
      return new Raw.Items(
          sequence.getValue().stream().map(item -> convert(item, depth + 1)).toList(), origin);
    }
    return section((MappingNode) node, origin, depth);
  }

  private Raw section(MappingNode mapping, Origin origin, int depth) {
    Map<String, Raw> entries = new LinkedHashMap<>();
    Map<String, Origin> keyOrigins = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      Origin keyOrigin = origins.apply(tuple.getKeyNode().getStartMark());
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        errors.add(
            new ConfigError("Cannot read a key: expected a name, got a list or map", keyOrigin));
        continue;
      }
      Origin earlier = keyOrigins.putIfAbsent(key.getValue(), keyOrigin);
      if (earlier != null) {
        errors.add(
            new ConfigError(
                "Cannot set " + key.getValue() + " twice: it is already set at " + earlier,
                keyOrigin));
        continue;
      }
      entries.put(key.getValue(), convert(tuple.getValueNode(), depth + 1));
    }
    return new Raw.Section(entries, keyOrigins, origin);
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
