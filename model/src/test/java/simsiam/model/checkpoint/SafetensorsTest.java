package simsiam.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import simsiam.model.net.Tensor;

class SafetensorsTest {
  private static final String ENTRY = "{'dtype':'F32','shape':[2],'data_offsets':[0,8]}";

  @TempDir private Path folder;

  @Test
  void readsWhatPythonWrote() throws Exception {
    Safetensors read = Safetensors.read(fixture());

    assertThat(read.metadata()).isEqualTo(Map.of("format", "pt"));
    assertThat(read.tensors().keySet())
        .containsExactly("backbone.bn1.running_mean", "empty", "projector.0.weight", "scalar");
    Tensor weight = read.tensors().get("projector.0.weight");
    assertThat(weight.shape()).containsExactly(3, 2);
    assertThat(weight.data())
        .containsExactly(1.5f, -2.25f, Float.POSITIVE_INFINITY, 3e-40f, 0.1f, -0.0f);
    assertThat(read.tensors().get("backbone.bn1.running_mean").data())
        .containsExactly(0f, 1 / 3f, 2 / 3f, 1f, 4 / 3f);
    assertThat(read.tensors().get("empty").shape()).containsExactly(0, 3);
    assertThat(read.tensors().get("scalar").shape()).isEmpty();
  }

  @Test
  void writesTheBytesThatPythonWrites() throws Exception {
    Path copy = folder.resolve("copy.safetensors");
    Safetensors.read(fixture()).write(copy);

    assertThat(copy).hasSameBinaryContentAs(fixture());
  }

  @Test
  void roundTripsTensorsLargerThanTheBufferBitForBit() throws Exception {
    SplittableRandom random = new SplittableRandom(1);
    float[] values = new float[700_001];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.intBitsToFloat(random.nextInt() & 0xBFFFFFFF);
    }
    var tensors = new TreeMap<>(Map.of("b", Tensor.of(values, 1, 700_001)));
    tensors.put("a", Tensor.of(new float[] {Float.NaN, 1}, 2));
    var metadata = new TreeMap<>(Map.of("schrift", "größe \"x\"\n", "a", ""));
    Path file = folder.resolve("x");
    new Safetensors(tensors, metadata).write(file);

    Safetensors read = Safetensors.read(file);

    assertThat(Arrays.equals(read.tensors().get("b").data(), values)).isTrue();
    assertThat(read.tensors().get("a").data()).containsExactly(Float.NaN, 1f);
    assertThat(read.metadata()).isEqualTo(metadata);
  }

  @Test
  void replacesALongerFile() throws Exception {
    Path file = Files.write(folder.resolve("x"), new byte[10_000]);
    Safetensors.of(new TreeMap<>(Map.of("a", Tensor.of(new float[1], 1)))).write(file);

    assertThat(Safetensors.read(file).tensors()).containsOnlyKeys("a");
  }

  @Test
  void refusesTheReservedName() {
    var tensors = new TreeMap<>(Map.of("__metadata__", Tensor.of(new float[1], 1)));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Safetensors.of(tensors).write(folder.resolve("x")))
        .withMessage(
            "Cannot write checkpoint: expected names of tensors, got the reserved __metadata__");
  }

  @Test
  void refusesEveryTruncation() throws Exception {
    byte[] whole = Files.readAllBytes(fixture());
    Path file = folder.resolve("cut");
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThatIOException()
          .isThrownBy(() -> Safetensors.read(file))
          .withMessageMatching("Cannot read checkpoint: expected .*, got .* \\(.*cut\\)");
    }
  }

  @Test
  void namesTheBytesThatAreMissing() throws Exception {
    byte[] whole = Files.readAllBytes(fixture());
    Path file = Files.write(folder.resolve("cut"), Arrays.copyOf(whole, whole.length - 3));

    assertFails(file, "48 bytes of values, got 45 bytes");
  }

  @Test
  void refusesBytesBehindTheLastTensor() throws Exception {
    assertFails(write("{'a':" + ENTRY + "}", 9), "8 bytes of values, got 9 bytes");
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 0, 1, 9, 1L << 40, Long.MIN_VALUE, Long.MAX_VALUE})
  void refusesHeaderLengthsThatCannotBe(long length) throws Exception {
    ByteBuffer bytes = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
    Path file = Files.write(folder.resolve("x"), bytes.array());

    assertFails(file, "a header of 2 to 8 bytes, got " + length);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          [1]                                                       | a JSON object as header, got ARRAY
          {'a':5}                                                   | dtype F32 for a, got none
          {'a':{'dtype':'F16','shape':[2],'data_offsets':[0,4]}}    | dtype F32 for a, got F16
          {'a':{'dtype':'F32','data_offsets':[0,8]}}                | a list of whole numbers as shape of a, got
          {'a':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}}   | a list of whole numbers as shape of a, got [-2]
          {'a':{'dtype':'F32','shape':[2.0],'data_offsets':[0,8]}}  | a list of whole numbers as shape of a, got [2.0]
          {'a':{'dtype':'F32','shape':{'x':2},'data_offsets':[0]}}  | a list of whole numbers as shape of a, got {"x":2}
          {'a':{'dtype':'F32','shape':[2],'data_offsets':[0]}}      | two data_offsets for a, got [0]
          {'a':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}}    | data_offsets 8 bytes apart for a, got [8, 0]
          {'a':{'dtype':'F32','shape':[3],'data_offsets':[0,8]}}    | data_offsets 12 bytes apart for a, got [0, 8]
          {'a':{'dtype':'F32','shape':[65536,65536],'data_offsets':[0,8]}} | at most 2^31 - 1 values for a, got shape [65536, 65536]
          {'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}    | a at data offset 0, got 4
          {'__metadata__':{'n':1}}                                  | text for __metadata__.n, got 1
          {'__metadata__':[]}                                       | __metadata__ to be an object, got ARRAY
          {'a':5,'a':5}                                             | a JSON header in UTF-8, got Duplicate field 'a'
          {} {}                                                     | a JSON header in UTF-8, got Trailing token
          {'a'                                                      | a JSON header in UTF-8, got Unexpected end-of-input
          """)
  void refusesHeadersThatDoNotHold(String header, String problem) throws Exception {
    assertFails(write(header, 8), problem);
  }

  @Test
  void refusesOverlappingTensors() throws Exception {
    assertFails(write("{'a':" + ENTRY + ",'b':" + ENTRY + "}", 8), "b at data offset 8, got 0 (");
  }

  @Test
  void refusesAHeaderThatIsNotUtf8() throws Exception {
    ByteBuffer bytes = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN).putLong(4);
    bytes.put(new byte[] {'{', (byte) 0xC3, '(', '}'});

    assertFails(Files.write(folder.resolve("x"), bytes.array()), "a JSON header in UTF-8");
  }

  private void assertFails(Path file, String problem) {
    assertThatIOException()
        .isThrownBy(() -> Safetensors.read(file))
        .withMessageStartingWith("Cannot read checkpoint: expected " + problem)
        .withMessageEndingWith("(" + file + ")");
  }

  /** A file with this header, in which ' stands for ", and so many zero bytes behind it. */
  private Path write(String header, int dataBytes) throws IOException {
    byte[] json = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + dataBytes);
    bytes.order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).put(json);
    return Files.write(folder.resolve("x"), bytes.array());
  }

  private static Path fixture() throws URISyntaxException {
    return Path.of(SafetensorsTest.class.getResource("python.safetensors").toURI());
  }
}
