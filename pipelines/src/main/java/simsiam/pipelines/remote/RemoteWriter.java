package simsiam.pipelines.remote;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;

/** Writes a remote file from its start to its end; it is there once this is closed. */
final class RemoteWriter implements SeekableByteChannel {
  private final WritableByteChannel target;
  private long written;

  RemoteWriter(RemotePath path) throws IOException {
    this.target = RemoteStore.create(path);
  }

  @Override
  public int write(ByteBuffer bytes) throws IOException {
    int n = target.write(bytes);
    written += n;
    return n;
  }

  @Override
  public long position() {
    return written;
  }

  @Override
  public long size() {
    return written;
  }

  @Override
  public boolean isOpen() {
    return target.isOpen();
  }

  @Override
  public void close() throws IOException {
    target.close();
  }

  @Override
  public int read(ByteBuffer bytes) {
    throw new NonReadableChannelException();
  }

  @Override
  public SeekableByteChannel position(long newPosition) {
    throw new UnsupportedOperationException("Cannot write elsewhere than at the end");
  }

  @Override
  public SeekableByteChannel truncate(long length) {
    throw new UnsupportedOperationException("Cannot cut a file that is being written");
  }
}
