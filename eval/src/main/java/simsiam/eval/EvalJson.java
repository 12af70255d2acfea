package simsiam.eval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import simsiam.model.file.CanonicalJson;

/** Evaluation results as JSON files, keys in snake_case. */
public final class EvalJson {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();
  private static final ObjectWriter WRITER = MAPPER.writerWithDefaultPrettyPrinter();

  private EvalJson() {}

  /** Writes a result record of this module. */
  public static void write(Record result, Path file) throws IOException {
    Files.writeString(file, WRITER.writeValueAsString(result) + "\n");
  }

  /** Reads what {@link #write} wrote. */
  public static <T extends Record> T read(Path file, Class<T> type) throws IOException {
    try {
      return MAPPER.readValue(Files.readString(file), type);
    } catch (JsonProcessingException e) {
      throw new IOException(
          "Cannot read a result: %s (%s)".formatted(CanonicalJson.problem(e), file), e);
    }
  }
}
