package simsiam.model.data.table;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import simsiam.model.file.Sha256;

/**
 * A local file for Parquet to write that hashes what passes and is forced to disk on close. What
 * comes after the rows is held back until then, as the footer is to be put in order first.
 */
final class HashedOutputFile implements OutputFile {
  private final Path path;
  private final MessageDigest digest = Sha256.digest();
  private final ByteArrayOutputStream end = new ByteArrayOutputStream();
  private boolean rowsDone;
  private long bytes;

  HashedOutputFile(Path path) {
    this.path = path;
  }

  /** All rows are written: what follows is indexes and the footer. */
  void rowsDone() {
    rowsDone = true;
  }

  /** Lower-case hex of all bytes; once, after the stream is closed. */
  String sha256() {
    return Sha256.hex(digest.digest());
  }

  long bytes() {
    return bytes;
  }

  @Override
  public PositionOutputStream create(long blockSizeHint) throws IOException {
    return new HashedStream(
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
  }

  @Override
  public PositionOutputStream createOrOverwrite(long blockSizeHint) throws IOException {
    return create(blockSizeHint);
  }

  @Override
  public boolean supportsBlockSize() {
    return false;
  }

  @Override
  public long defaultBlockSize() {
    return -1;
  }

  @Override
  public String getPath() {
    return path.toString();
  }

  private final class HashedStream extends PositionOutputStream {
    private final FileChannel channel;
    private final OutputStream out;

    private IOException failure;

    HashedStream(FileChannel channel) {
      this.channel = channel;
      this.out =
          new BufferedOutputStream(
              new DigestOutputStream(Channels.newOutputStream(channel), digest), 1 << 16);
    }

    @Override
    public long getPos() {
      return bytes;
    }

    @Override
    public void write(int value) throws IOException {
      attempt(() -> next().write(value));
      bytes++;
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
      attempt(() -> next().write(source, offset, length));
      bytes += length;
    }

    @Override
    public void flush() throws IOException {
      attempt(out::flush);
    }

    @Override
    public void close() throws IOException {
      if (channel.isOpen()) {
        try (channel) {
          attempt(this::writeEnd);
          channel.force(true);
        }
      }
    }

    private OutputStream next() {
      return rowsDone ? end : out;
    }

    private void writeEnd() throws IOException {
      byte[] held = end.toByteArray();
      if (CanonicalFooter.isWhole(held)) { // else Parquet failed over it, and says why
        CanonicalFooter.sort(held);
      }
      out.write(held);
      out.flush();
    }

    /** After a failure repeats it: Parquet goes on to flush and close, and would hide the cause. */
    private void attempt(Action action) throws IOException {
      if (failure != null) {
        throw failure;
      }
      try {
        action.run();
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }
  }

  private interface Action {
    void run() throws IOException;
  }
}
