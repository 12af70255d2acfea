package simsiam.model.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Text by parts beside what Java's decoder makes of all of it at once. */
class Utf8TextTest {
  /** Bytes of 1 to 4 byte characters and line ends; every second has some that are no UTF-8. */
  private static byte[] content(Random random, boolean broken) {
    StringBuilder text = new StringBuilder(random.nextInt(4) == 0 ? "\uFEFF" : "");
    for (int i = random.nextInt(20_000); i > 0; i--) {
      text.append(
          switch (random.nextInt(6)) {
            case 0 -> "\u00e9";
            case 1 -> "\u20ac";
            case 2 -> "\ud83d\ude00";
            case 3 -> "\n";
            default -> "a";
          });
    }
    byte[] bytes = text.append("end").toString().getBytes(StandardCharsets.UTF_8);
    if (broken) {
      bytes[random.nextInt(bytes.length)] = (byte) (0x80 + random.nextInt(0x80));
    }
    return bytes;
  }

  private static String whole(byte[] content) {
    ByteBuffer bytes = ByteBuffer.wrap(content);
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      String before = new String(content, 0, bytes.position(), StandardCharsets.ISO_8859_1);
      return String.format(
          Locale.ROOT,
          "the byte 0x%02X at %s:%s",
          content[bytes.position()] & 0xFF,
          before.split("\n", -1).length,
          bytes.position() - before.lastIndexOf('\n'));
    }
  }

  private static String read(InputStream content, int most) throws IOException {
    StringBuilder text = new StringBuilder();
    char[] some = new char[most];
    try (Reader reader = Utf8Text.reader(content)) {
      for (int n = reader.read(some); n >= 0; n = reader.read(some)) {
        text.append(some, 0, n);
      }
    } catch (Utf8Text.MalformedException e) {
      return "%s at %s:%s".formatted(e.getMessage(), e.line(), e.column());
    }
    return text.toString();
  }

  /** A stream that gives a few bytes at a time. */
  private static InputStream drip(byte[] content) {
    return new ByteArrayInputStream(content) {
      @Override
      public synchronized int read(byte[] target, int offset, int length) {
        return super.read(target, offset, Math.min(length, 7));
      }
    };
  }

  @Test
  void isTheTextAndItsFirstFaultHoweverItComes() throws IOException {
    Random random = new Random(1);
    int faults = 0;
    for (int round = 0; round < 60; round++) {
      byte[] content = content(random, round % 2 == 1);
      String expected = whole(content);
      faults += expected.startsWith("the byte") ? 1 : 0;

      assertThat(read(new ByteArrayInputStream(content), 1_000).equals(expected)).isTrue();
      assertThat(read(drip(content), 3).equals(expected)).isTrue();
      if (!expected.startsWith("the byte")) {
        assertThat(Utf8Text.decode(content).equals(expected)).isTrue();
      }
    }
    assertThat(faults).isGreaterThan(15);
  }

  @Test
  void aCharacterThatIsCutIsAFault() {
    byte[] content = {'a', '\n', 'b', (byte) 0xE2, (byte) 0x82};

    assertThatThrownBy(() -> Utf8Text.decode(content))
        .isInstanceOfSatisfying(
            Utf8Text.MalformedException.class,
            e -> {
              assertThat(e).hasMessage("the byte 0xE2");
              assertThat(e.line()).isEqualTo(2);
              assertThat(e.column()).isEqualTo(2);
            });
  }

  @Test
  void nothingIsAnEmptyText() throws IOException {
    assertThat(Utf8Text.decode(new byte[0])).isEmpty();
    assertThat(Utf8Text.decode("\uFEFF".getBytes(StandardCharsets.UTF_8))).isEmpty();
  }
}
