package simsiam.model.file;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
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
    StringWriter text = new StringWriter(content.length);
    try (Reader reader = reader(new ByteArrayInputStream(content))) {
      reader.transferTo(text);
    } catch (MalformedException e) {
      throw e;
    } catch (IOException e) { // of bytes in memory
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /** The same of a text that need not be in memory; reading throws {@link MalformedException}s. */
  public static Reader reader(InputStream content) {
    return new Decoding(content);
  }

  private static final class Decoding extends Reader {
    private static final int BUFFER = 1 << 13;
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final InputStream in;
    private final CharsetDecoder decoder =
        StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT);
    private final ByteBuffer bytes = ByteBuffer.allocate(BUFFER).flip();
    private final CharBuffer chars = CharBuffer.allocate(BUFFER).flip();
    private boolean begun;
    private boolean ended;
    private int line = 1;
    private int column = 1;

    Decoding(InputStream in) {
      this.in = in;
    }

    @Override
    public int read(char[] target, int offset, int length) throws IOException {
      while (!chars.hasRemaining()) {
        if (ended && !bytes.hasRemaining()) {
          return -1;
        }
        fill();
      }
      int n = Math.min(length, chars.remaining());
      chars.get(target, offset, n);
      return n;
    }

    private void fill() throws IOException {
      if (!ended) {
        bytes.compact();
        int n = in.read(bytes.array(), bytes.position(), bytes.remaining());
        ended = n < 0;
        bytes.position(bytes.position() + Math.max(0, n)).flip();
      }
      chars.clear();
      int from = bytes.position();
      CoderResult result = decoder.decode(bytes, chars, ended);
      for (int i = from; i < bytes.position(); i++) {
        boolean newline = bytes.get(i) == '\n';
        line += newline ? 1 : 0;
        column = newline ? 1 : column + 1;
      }
      if (result.isError()) {
        int got = bytes.get(bytes.position()) & 0xFF;
        throw new MalformedException(
            String.format(Locale.ROOT, "the byte 0x%02X", got), line, column);
      }
      chars.flip();
      if (!begun && chars.hasRemaining()) {
        begun = true;
        if (chars.get(0) == BYTE_ORDER_MARK) {
          chars.get();
        }
      }
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
