package simsiam.mlflow.spool;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** Bytes of lines on their way to the disk, readable without a copy. */
final class LineBuffer extends ByteArrayOutputStream {
  LineBuffer() {
    super(8192);
  }

  /** The bytes so far; valid until the next write or reset. */
  ByteBuffer view() {
    return ByteBuffer.wrap(buf, 0, count);
  }
}
