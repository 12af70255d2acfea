package simsiam.pipelines.spool;

import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.RandomAccess;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Predicate;

/**
 * A list of values that cannot be changed and is made anew value by value as it is read; memory has
 * eight bytes for every {@value #STEP} of them or as its maker says, and a few megabytes for all
 * lists of a {@link Space}. Several threads may read it.
 */
public final class SpooledList<T> extends AbstractList<T> implements RandomAccess {
  private static final int STEP = 256;

  /** How a value is written. */
  public interface Form<T> {
    void write(T value, DataOutput out) throws IOException;

    T read(DataInput in) throws IOException;
  }

  /** Where lists lie that come and go together. */
  public static final class Space {
    private final Spool spool = new Spool();

    /** A list of the values there are, in their order. */
    public <T> SpooledList<T> list(Form<T> form, Iterator<? extends T> values) {
      synchronized (spool) { // a list is in one piece
        Builder<T> builder = new Builder<>(spool, form, STEP);
        values.forEachRemaining(builder::add);
        return builder.list();
      }
    }

    /** No more lists are added: no file need be open for those that there are. */
    void seal() {
      spool.seal();
    }
  }

  /** A list that grows; it has a space of its own. */
  public static <T> Builder<T> builder(Form<T> form) {
    return builder(form, STEP);
  }

  /**
   * The same.
   *
   * @param step values for which memory has eight bytes: to get one, up to so many are gone through
   */
  public static <T> Builder<T> builder(Form<T> form, int step) {
    return new Builder<>(new Spool(), form, step);
  }

  /** Takes the values of a list one by one. */
  public static final class Builder<T> {
    private final Spool spool;
    private final Form<T> form;
    private final int step;
    private final Encoder encoder = new Encoder();
    private long[] places = new long[1];
    private int size;

    private Builder(Spool spool, Form<T> form, int step) {
      this.spool = spool;
      this.form = form;
      this.step = step;
    }

    public void add(T value) {
      if (size % step == 0) {
        if (size / step == places.length) {
          places = Arrays.copyOf(places, 2 * places.length);
        }
        places[size / step] = spool.end();
      }
      encoder.append(value, form, spool);
      size = Math.addExact(size, 1);
    }

    /** The list; nothing may be added any more. */
    public SpooledList<T> build() {
      spool.seal();
      return list();
    }

    private SpooledList<T> list() {
      int used = (size + step - 1) / step;
      return new SpooledList<>(spool, form, step, Arrays.copyOf(places, used), 0, size);
    }
  }

  private static final class Encoder {
    private final Bytes bytes = new Bytes();
    private final DataOutputStream out = new DataOutputStream(bytes);

    <T> void append(T value, Form<T> form, Spool spool) {
      try {
        bytes.reset();
        form.write(value, out);
        out.flush();
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot keep %s".formatted(value), e);
      }
      spool.append(bytes.buffer(), bytes.size());
    }
  }

  private static final class Bytes extends ByteArrayOutputStream {
    byte[] buffer() {
      return buf;
    }
  }

  private final Spool spool;
  private final Form<T> form;
  private final int step;
  private final long[] places;
  private final int start;
  private final int size;

  /**
   * @param step values from one place to the next
   * @param start first value of the list
   */
  private SpooledList(Spool spool, Form<T> form, int step, long[] places, int start, int size) {
    this.spool = spool;
    this.form = form;
    this.step = step;
    this.places = places;
    this.start = start;
    this.size = size;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public T get(int index) {
    if (index < 0 || index >= size) {
      throw new IndexOutOfBoundsException(index);
    }
    return read(reader(index));
  }

  private Spool.Reader reader(int index) {
    int at = start + index;
    Spool.Reader reader = spool.reader(places[at / step]);
    for (int i = at % step; i > 0; i--) {
      reader.skip();
    }
    return reader;
  }

  /** A part of the list, which takes no memory of its own. */
  @Override
  public SpooledList<T> subList(int from, int to) {
    Objects.checkFromToIndex(from, to, size);
    return new SpooledList<>(spool, form, step, places, start + from, to - from);
  }

  /**
   * Where the values begin of which something is true, in a list in which it is true of all that
   * follow; the size where it is true of none.
   */
  public int first(Predicate<? super T> isTrue) {
    int from = 0;
    int to = size;
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (isTrue.test(get(middle))) {
        to = middle;
      } else {
        from = middle + 1;
      }
    }
    return from;
  }

  private T read(Spool.Reader reader) {
    try {
      return form.read(new DataInputStream(new Content(reader.next())));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read what was kept", e);
    }
  }

  @Override
  public Iterator<T> iterator() {
    return new Iterator<>() {
      private final Spool.Reader reader = size == 0 ? null : SpooledList.this.reader(0);
      private int next;

      @Override
      public boolean hasNext() {
        return next < size;
      }

      @Override
      public T next() {
        if (next == size) {
          throw new NoSuchElementException();
        }
        next++;
        return read(reader);
      }
    };
  }

  /** One after the other: to find a value by its number costs more than to read the next. */
  @Override
  public Spliterator<T> spliterator() {
    return Spliterators.spliterator(iterator(), size, Spliterator.ORDERED);
  }

  private static final class Content extends InputStream {
    private final ByteBuffer bytes;

    Content(ByteBuffer bytes) {
      this.bytes = bytes;
    }

    @Override
    public int read() {
      return bytes.hasRemaining() ? bytes.get() & 0xFF : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      int n = Math.min(length, bytes.remaining());
      bytes.get(target, offset, n);
      return n == 0 && length > 0 ? -1 : n;
    }
  }
}
