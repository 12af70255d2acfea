package simsiam.pipelines.remote;

import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.beam.sdk.io.FileSystem;
import org.apache.beam.sdk.io.FileSystemRegistrar;
import org.apache.beam.sdk.io.fs.CreateOptions;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.apache.beam.sdk.io.fs.MatchResult.Status;
import org.apache.beam.sdk.io.fs.MoveOptions;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;

/**
 * A store in memory behind Beam's interface, {@code fake://bucket/key}: files are there when their
 * channel is closed, there are no folders and no renaming, and reads can be made to fail.
 */
public final class FakeFileSystem extends FileSystem<FakeResource> {
  static final String SCHEME = "fake";

  private static final Map<String, byte[]> FILES = new ConcurrentSkipListMap<>();
  private static final AtomicInteger FAILURES = new AtomicInteger();
  private static final List<Reading> READINGS = new CopyOnWriteArrayList<>();

  /** How Beam finds it. */
  public static final class Registrar implements FileSystemRegistrar {
    @Override
    public Iterable<FileSystem<?>> fromOptions(PipelineOptions options) {
      return List.of(new FakeFileSystem());
    }
  }

  /** Lets this many of the next reads fail when half is done. */
  static void failReads(int count) {
    FAILURES.set(count);
  }

  /** Changes a stored file behind everybody's back. */
  static void put(String uri, byte[] content) {
    FILES.put(uri, content);
  }

  static byte[] get(String uri) {
    return FILES.get(uri);
  }

  /** Counts files that are opened for reading, until it is closed. */
  public static final class Reading implements AutoCloseable {
    private final String part;
    private int opened;
    private int open;
    private int mostOpen;

    /**
     * Begins to count.
     *
     * @param part of the names of the files that count
     */
    public Reading(String part) {
      this.part = part;
      READINGS.add(this);
    }

    private synchronized void open(String uri, int change) {
      if (uri.contains(part)) {
        opened += Math.max(0, change);
        open += change;
        mostOpen = Math.max(mostOpen, open);
      }
    }

    /** How often a file was opened. */
    public synchronized int opened() {
      return opened;
    }

    /** How many were open at once, at most. */
    public synchronized int mostOpen() {
      return mostOpen;
    }

    @Override
    public void close() {
      READINGS.remove(this);
    }
  }

  @Override
  protected List<MatchResult> match(List<String> specs) {
    List<MatchResult> results = new ArrayList<>();
    for (String spec : specs) {
      List<Metadata> found = new ArrayList<>();
      String prefix = spec.endsWith("**") ? spec.substring(0, spec.length() - 2) : "";
      FILES.forEach(
          (uri, content) -> {
            if (prefix.isEmpty() ? uri.equals(spec) : uri.startsWith(prefix)) {
              found.add(metadata(uri, content));
            }
          });
      results.add(
          found.isEmpty() && prefix.isEmpty()
              ? MatchResult.create(Status.NOT_FOUND, new FileNotFoundException(spec))
              : MatchResult.create(Status.OK, found));
    }
    return results;
  }

  private static Metadata metadata(String uri, byte[] content) {
    return Metadata.builder()
        .setResourceId(new FakeResource(uri))
        .setSizeBytes(content.length)
        .setIsReadSeekEfficient(true)
        .setLastModifiedMillis(1_000)
        .build();
  }

  @Override
  protected WritableByteChannel create(FakeResource file, CreateOptions options) {
    ByteArrayOutputStream bytes =
        new ByteArrayOutputStream() {
          @Override
          public void close() {
            FILES.put(file.uri(), toByteArray());
          }
        };
    return Channels.newChannel(bytes);
  }

  @Override
  protected ReadableByteChannel open(FakeResource file) throws IOException {
    byte[] content = FILES.get(file.uri());
    if (content == null) {
      throw new FileNotFoundException(file.uri());
    }
    READINGS.forEach(reading -> reading.open(file.uri(), 1));
    return new Faulty(file.uri(), new SeekableInMemoryByteChannel(content));
  }

  @Override
  protected void delete(Collection<FakeResource> files) {
    files.forEach(file -> FILES.remove(file.uri()));
  }

  @Override
  protected void copy(List<FakeResource> from, List<FakeResource> to) {
    throw new UnsupportedOperationException("copy");
  }

  @Override
  protected void rename(List<FakeResource> from, List<FakeResource> to, MoveOptions... options) {
    throw new UnsupportedOperationException("rename");
  }

  @Override
  protected FakeResource matchNewResource(String spec, boolean isDirectory) {
    return new FakeResource(spec);
  }

  @Override
  protected String getScheme() {
    return SCHEME;
  }

  /** Fails halfway through a read, as connections do. */
  private record Faulty(String uri, SeekableByteChannel content) implements SeekableByteChannel {
    @Override
    public int read(ByteBuffer target) throws IOException {
      if (FAILURES.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        ByteBuffer half = target.duplicate().limit(target.position() + target.remaining() / 2);
        target.position(target.position() + Math.max(0, content.read(half)));
        throw new IOException("connection reset");
      }
      return content.read(target);
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      throw new IOException("open for reading");
    }

    @Override
    public long position() throws IOException {
      return content.position();
    }

    @Override
    public SeekableByteChannel position(long position) throws IOException {
      // As S3 has it.
      if (position >= content.size()) {
        throw new IllegalArgumentException("new position too high");
      }
      content.position(position);
      return this;
    }

    @Override
    public long size() throws IOException {
      return content.size();
    }

    @Override
    public SeekableByteChannel truncate(long size) throws IOException {
      throw new IOException("open for reading");
    }

    @Override
    public boolean isOpen() {
      return content.isOpen();
    }

    @Override
    public void close() throws IOException {
      if (content.isOpen()) {
        READINGS.forEach(reading -> reading.open(uri, -1));
      }
      content.close();
    }
  }
}
