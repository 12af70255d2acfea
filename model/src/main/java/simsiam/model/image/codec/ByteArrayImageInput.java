package simsiam.model.image.codec;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import javax.imageio.stream.ImageInputStreamImpl;

/**
 * A file in memory as decoders read it, without a copy. Once the reading thread is interrupted
 * every read fails, so that a decoder that goes round in its input comes to an end.
 */
final class ByteArrayImageInput extends ImageInputStreamImpl {
  private final byte[] bytes;

  ByteArrayImageInput(byte[] bytes) {
    this.bytes = bytes;
  }

  @Override
  public int read() throws IOException {
    begin();
    return streamPos < bytes.length ? bytes[(int) streamPos++] & 0xFF : -1;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    begin();
    if (length == 0) {
      return 0;
    }
    int count = (int) Math.min(length, bytes.length - streamPos);
    if (count <= 0) {
      return -1;
    }
    System.arraycopy(bytes, (int) streamPos, into, offset, count);
    streamPos += count;
    return count;
  }

  /**
   * Some decoders ask again for each pixel that is not there: without a trace that costs little.
   */
  @Override
  public byte readByte() throws IOException {
    int value = read();
    if (value < 0) {
      throw new EndOfFile();
    }
    return (byte) value;
  }

  private static final class EndOfFile extends EOFException {
    private static final long serialVersionUID = 1L;

    @Override
    public synchronized Throwable fillInStackTrace() {
      return this;
    }
  }

  private void begin() throws IOException {
    checkClosed();
    bitOffset = 0;
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("Cannot read image: expected to be left reading");
    }
  }

  @Override
  public long length() {
    return bytes.length;
  }

  /** Empty, so that the collector need not finalise one stream an image. */
  @SuppressWarnings({"deprecation", "Finalize"}) // the parent's is what costs
  @Override
  protected void finalize() {}
}
