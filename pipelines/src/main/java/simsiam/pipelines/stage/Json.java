package simsiam.pipelines.stage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import simsiam.model.file.AtomicFile;
import simsiam.model.file.CanonicalJson;

/** The JSON of the workspace: snake_case names, sorted keys, plain decimals. */
public final class Json {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private Json() {}

  /** A file that does not hold what it should. */
  public static final class MalformedException extends IOException {
    private static final long serialVersionUID = 1L;

    MalformedException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** The one-line form that fingerprints are taken of; map keys sorted, numbers as given. */
  public static String canonical(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("Cannot write as JSON: " + value, e);
    }
  }

  /** The form for people. */
  public static String pretty(Object value) {
    try {
      return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("Cannot write as JSON: " + value, e);
    }
  }

  /**
   * The object that a text holds.
   *
   * @throws IOException if it holds none
   */
  public static Map<?, ?> parse(String text) throws IOException {
    return MAPPER.readValue(text, Map.class);
  }

  /** The value of a file. */
  public static <T> T read(Path file, Class<T> type) throws IOException {
    try {
      return MAPPER.readValue(Files.readString(file), type);
    } catch (JsonProcessingException e) {
      throw new MalformedException("Cannot read " + file + ": " + CanonicalJson.problem(e), e);
    }
  }

  /** Deletes what a killed {@link #write} may have left beside the file. */
  public static void discard(Path file) throws IOException {
    Files.deleteIfExists(aside(file));
  }

  private static Path aside(Path file) {
    return file.resolveSibling(file.getFileName() + ".tmp");
  }

  /** Writes a file whole or not at all, on disk when the call returns. */
  public static void write(Path file, Object value) throws IOException {
    // One name aside, as what a killed process leaves must not become part of a stage's output.
    try {
      AtomicFile.write(aside(file), file, (pretty(value) + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
