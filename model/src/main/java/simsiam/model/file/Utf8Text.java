package simsiam.model.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** UTF-8 text from elsewhere: read strictly, as a replaced character would change a name. */
public final class Utf8Text {
  private Utf8Text() {}

  /** Bytes that are no UTF-8, with the place of the first that is not. */
  public static final class MalformedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int line;
    private final int column;

    MalformedException(String got, int line, int column) {
      super(got);
      this.line = line;
      this.column = column;
    }

    /** From 1. */
    public int line() {
      return line;
    }

    /** In bytes, from 1. */
    public int column() {
      return column;
    }
  }

  /**
   * The text without a byte order mark.
   *
   * @throws MalformedException whose message is what was got: {@code the byte 0xE9}
   */
  public static String decode(byte[] content) throws MalformedException {
    ByteBuffer bytes = ByteBuffer.wrap(content);
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .decode(bytes)
              .toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw malformed(content, bytes.position());
    }
  }

  private static MalformedException malformed(byte[] content, int at) {
    int line = 1;
    int column = 1;
    for (int i = 0; i < at; i++) {
      boolean newline = content[i] == '\n';
      line += newline ? 1 : 0;
      column = newline ? 1 : column + 1;
    }
    String got = String.format(Locale.ROOT, "the byte 0x%02X", content[at] & 0xFF);
    return new MalformedException(got, line, column);
  }
}
