package simsiam.mlflow.rest;

import java.io.FileInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;

/** A request body read from a file piece by piece, that tells how far it is. */
final class WatchedFile implements BodyPublisher {
  private final AtomicLong sent = new AtomicLong();
  private final long size;
  private final BodyPublisher stream;

  WatchedFile(Path file) throws IOException {
    size = Files.size(file);
    stream = BodyPublishers.ofInputStream(() -> open(file));
  }

  /** Bytes handed to the connection so far. */
  long sent() {
    return sent.get();
  }

  @Override
  public long contentLength() {
    return size;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
    stream.subscribe(subscriber);
  }

  private InputStream open(Path file) {
    try {
      return new Counted(new FileInputStream(file.toFile()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private final class Counted extends FilterInputStream {
    Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int read = super.read(bytes, offset, length);
      sent.addAndGet(Math.max(read, 0));
      return read;
    }
  }
}
