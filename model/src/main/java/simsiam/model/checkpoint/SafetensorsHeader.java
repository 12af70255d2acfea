package simsiam.model.checkpoint;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import simsiam.model.config.Reason;
import simsiam.model.net.Tensor;

/**
 * The JSON header of a safetensors file.
 *
 * @param entries in the order of their values, which follow each other without gaps from offset 0
 */
record SafetensorsHeader(List<Entry> entries, SortedMap<String, String> metadata) {
  /** Far more than any network here needs; the format's own limit is 100 MB. */
  static final int MAX_BYTES = 1 << 24;

  private static final String METADATA = "__metadata__";
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /** One tensor: {@code begin} and {@code end} are byte offsets behind the header. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Entry(String name, long[] shape, long begin, long end) {
    int count() {
      return (int) ((end - begin) / Float.BYTES);
    }
  }

  static SafetensorsHeader of(
      SortedMap<String, Tensor> tensors, SortedMap<String, String> metadata) {
    if (tensors.containsKey(METADATA)) {
      throw new IllegalArgumentException(
          "Cannot write checkpoint: expected names of tensors, got the reserved " + METADATA);
    }
    List<Entry> entries = new ArrayList<>();
    long begin = 0;
    for (Map.Entry<String, Tensor> tensor : tensors.entrySet()) {
      long end = begin + (long) Float.BYTES * tensor.getValue().data().length;
      entries.add(new Entry(tensor.getKey(), tensor.getValue().shape(), begin, end));
      begin = end;
    }
    return new SafetensorsHeader(entries, metadata);
  }

  /** UTF-8, padded with spaces so that the values start at a multiple of 8 bytes. */
  byte[] encode() throws JsonProcessingException {
    ObjectNode root = JSON.createObjectNode();
    if (!metadata.isEmpty()) {
      ObjectNode texts = root.putObject(METADATA);
      metadata.forEach(texts::put);
    }
    for (Entry entry : entries) {
      ObjectNode node = root.putObject(entry.name()).put("dtype", "F32");
      ArrayNode shape = node.putArray("shape");
      Arrays.stream(entry.shape()).forEach(shape::add);
      node.putArray("data_offsets").add(entry.begin()).add(entry.end());
    }
    byte[] json = JSON.writeValueAsBytes(root);
    byte[] padded = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
    Arrays.fill(padded, json.length, padded.length, (byte) ' ');
    return padded;
  }

  /**
   * Parses and checks a header.
   *
   * @param dataBytes bytes of the file behind the header
   */
  static SafetensorsHeader decode(ByteBuffer utf8, long dataBytes, Path file) throws IOException {
    JsonNode root = parse(utf8, file);
    SortedMap<String, String> metadata = new TreeMap<>();
    List<Entry> entries = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : root.properties()) {
      if (field.getKey().equals(METADATA)) {
        metadata.putAll(metadata(field.getValue(), file));
      } else {
        entries.add(entry(field.getKey(), field.getValue(), file));
      }
    }
    entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    long position = 0;
    for (Entry entry : entries) {
      if (entry.begin() != position) {
        throw unreadable(file, entry.name() + " at data offset " + position, "" + entry.begin());
      }
      position = entry.end();
    }
    if (position != dataBytes) {
      throw unreadable(file, position + " bytes of values", dataBytes + " bytes");
    }
    return new SafetensorsHeader(entries, metadata);
  }

  private static JsonNode parse(ByteBuffer utf8, Path file) throws IOException {
    JsonNode root;
    try {
      root = JSON.readTree(StandardCharsets.UTF_8.newDecoder().decode(utf8).toString());
    } catch (CharacterCodingException | JsonProcessingException e) {
      String problem =
          e instanceof JsonProcessingException json ? json.getOriginalMessage() : Reason.of(e);
      IOException failure = unreadable(file, "a JSON header in UTF-8", problem);
      failure.initCause(e);
      throw failure;
    }
    if (!root.isObject()) {
      throw unreadable(file, "a JSON object as header", root.getNodeType().toString());
    }
    return root;
  }

  private static Map<String, String> metadata(JsonNode node, Path file) throws IOException {
    if (!node.isObject()) {
      throw unreadable(file, METADATA + " to be an object", node.getNodeType().toString());
    }
    Map<String, String> metadata = new TreeMap<>();
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      if (!field.getValue().isTextual()) {
        throw unreadable(
            file, "text for " + METADATA + "." + field.getKey(), "" + field.getValue());
      }
      metadata.put(field.getKey(), field.getValue().textValue());
    }
    return metadata;
  }

  private static Entry entry(String name, JsonNode node, Path file) throws IOException {
    String type = node.path("dtype").asText("none");
    if (!type.equals("F32")) {
      throw unreadable(file, "dtype F32 for " + name, type);
    }
    long[] shape = extents(name, "shape", node, file);
    long[] offsets = extents(name, "data_offsets", node, file);
    if (offsets.length != 2) {
      throw unreadable(file, "two data_offsets for " + name, Arrays.toString(offsets));
    }
    long bytes = bytes(name, shape, file);
    if (offsets[1] - offsets[0] != bytes) {
      String got = Arrays.toString(offsets);
      throw unreadable(file, "data_offsets " + bytes + " bytes apart for " + name, got);
    }
    return new Entry(name, shape, offsets[0], offsets[1]);
  }

  private static long bytes(String name, long[] shape, Path file) throws IOException {
    long count = 1;
    for (long extent : shape) {
      if (extent > 0 && count > Integer.MAX_VALUE / extent) {
        throw unreadable(
            file, "at most 2^31 - 1 values for " + name, "shape " + Arrays.toString(shape));
      }
      count *= extent;
    }
    return count * Float.BYTES;
  }

  private static long[] extents(String name, String key, JsonNode node, Path file)
      throws IOException {
    JsonNode list = node.path(key);
    long[] values = new long[list.size()];
    for (int i = 0; i < values.length; i++) {
      JsonNode value = list.get(i);
      values[i] =
          value != null && value.canConvertToLong() && value.isIntegralNumber()
              ? value.longValue()
              : -1;
    }
    if (!list.isArray() || Arrays.stream(values).anyMatch(value -> value < 0)) {
      throw unreadable(file, "a list of whole numbers as " + key + " of " + name, "" + list);
    }
    return values;
  }

  static IOException unreadable(Path file, String expected, String got) {
    return new IOException(
        "Cannot read checkpoint: expected " + expected + ", got " + got + " (" + file + ")");
  }
}
