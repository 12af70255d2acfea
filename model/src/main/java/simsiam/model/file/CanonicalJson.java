package simsiam.model.file;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import simsiam.model.config.Reason;

/**
 * JSON whose bytes depend on the value alone: keys sorted, snake_case, two spaces, {@code \n}, and
 * numbers printed the same by every Java release.
 */
public final class CanonicalJson {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED)
          .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
          .build();

  private CanonicalJson() {}

  /** One line, no spaces. */
  public static String compact(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("Cannot write JSON", e);
    }
  }

  /** Indented, ending with a line break. */
  public static String pretty(Object value) {
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter(
            Separators.createDefaultInstance()
                .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                .withArrayEmptySeparator("")
                .withObjectEmptySeparator(""));
    printer.indentObjectsWith(indenter);
    printer.indentArraysWith(indenter);
    try {
      return MAPPER.writer(printer).writeValueAsString(value) + "\n";
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("Cannot write JSON", e);
    }
  }

  /** Reads a record from a file. */
  public static <T> T read(Path file, Class<T> type) {
    try {
      return MAPPER.readValue(Files.readAllBytes(file), type);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("Cannot read %s: %s".formatted(file, problem(e)), e);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read %s: %s".formatted(file, Reason.of(e)), e);
    }
  }

  /** What is wrong with a text, without the classes that it was to be read into. */
  public static String problem(JsonProcessingException e) {
    JsonLocation at = e.getLocation();
    String place =
        at == null || at.getLineNr() < 1
            ? ""
            : " (line %s, column %s)".formatted(at.getLineNr(), at.getColumnNr());
    if (e instanceof JsonMappingException mapping && !mapping.getPath().isEmpty()) {
      String key =
          mapping.getPath().stream()
              .map(
                  part ->
                      part.getFieldName() == null
                          ? "[" + part.getIndex() + "]"
                          : part.getFieldName())
              .collect(Collectors.joining("."));
      return "expected another value of " + key + place;
    }
    return e instanceof JsonMappingException
        ? "expected the fields that were written, got other ones" + place
        : "expected whole JSON, got other text" + place;
  }

  /** Reads a tree from one line. */
  public static JsonNode parse(String json) {
    return parse(json, JsonNode.class);
  }

  /** Reads a record from one line. */
  public static <T> T parse(String json, Class<T> type) {
    try {
      return MAPPER.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("Cannot read JSON: " + problem(e), e);
    }
  }

  /** Writes {@link #pretty} aside, then renames. */
  public static void write(Path file, Object value) {
    AtomicFile.write(file, pretty(value).getBytes(StandardCharsets.UTF_8));
  }

  /** The value as a JSON tree. */
  public static JsonNode tree(Object value) {
    return MAPPER.valueToTree(value);
  }

  public static List<String> strings(String json) {
    try {
      return MAPPER.readValue(json, new TypeReference<List<String>>() {});
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("Cannot read JSON: " + problem(e), e);
    }
  }
}
