package simsiam.pipelines.source.digest;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import simsiam.pipelines.spool.SpooledList;

/**
 * What a look at a source has found that is not known yet and would have to be read. Any number of
 * threads adds to it; when the look is over it is a list, which is not kept in memory.
 */
public final class Unread {
  private final SpooledList.Builder<Item> adding = SpooledList.builder(new ItemForm());
  private final List<PartOf> parts = new ArrayList<>();
  private List<Item> items = List.of();
  private int count;
  private long bytes;
  private boolean others;

  /**
   * A piece to be hashed.
   *
   * @param path of its file, absolute, as in {@link simsiam.pipelines.remote.Places}
   * @param stamp of the file when it was looked at
   */
  public record Item(String path, FileStamp stamp, Piece piece) implements Serializable {
    /** The file as it was then. */
    public HeldFile held() {
      return HeldFile.of(path, stamp);
    }
  }

  /**
   * A part of an archive, whose digest is made of those of its pieces.
   *
   * @param first number of its first item
   */
  private record PartOf(String name, Part part, int first, int pieces) {}

  /** Adds all of a file. */
  synchronized void add(Path file, FileStamp stamp) {
    add(file, stamp, new WholeFile(stamp.bytes()));
  }

  /** Adds a part of a file; one without pieces is nobody's work. */
  synchronized void add(Path file, FileStamp stamp, String name, Part part) {
    int first = count;
    part.pieces().forEachRemaining(piece -> add(file, stamp, piece));
    if (count == first) {
      others = true;
    } else {
      parts.add(new PartOf(name, part, first, count - first));
    }
  }

  private void add(Path file, FileStamp stamp, Piece piece) {
    adding.add(new Item(file.toAbsolutePath().toString(), stamp, piece));
    count++;
    bytes += piece.bytes();
  }

  /** Takes note of what only the machine that looks can read, or may not be remembered. */
  synchronized void addOther() {
    others = true;
  }

  /** Ends the look. */
  public synchronized void end() {
    items = adding.build();
  }

  /** Whether everything was known: what was found is the truth. */
  public boolean isEmpty() {
    return count == 0 && !others;
  }

  /** How many pieces there are, of which each is a file, or some of the files in an archive. */
  public int count() {
    return count;
  }

  /** About how many bytes would be read. */
  public long bytes() {
    return bytes;
  }

  /** The pieces. */
  public List<Item> items() {
    return items;
  }

  /** Takes the digest of a file, or of part of one. */
  interface Learning {
    /**
     * Called once for each.
     *
     * @param part empty for all of the file
     */
    void learn(Item item, String part, String digest);
  }

  /**
   * Makes digests of what was found in all pieces.
   *
   * @param found in each, in their order; empty where a file was not what it had been
   */
  void learn(Iterator<Optional<List<String>>> found, Learning learning) {
    Iterator<PartOf> left = parts.iterator();
    PartOf next = left.hasNext() ? left.next() : null;
    Iterator<Item> all = items.iterator();
    for (int number = 0; all.hasNext(); number++) {
      Item item = all.next();
      if (next == null || number < next.first()) {
        found.next().ifPresent(digests -> learning.learn(item, "", digests.get(0)));
        continue;
      }
      List<String> together = new ArrayList<>();
      boolean whole = add(found.next(), together);
      for (int i = 1; i < next.pieces(); i++, number++) {
        all.next();
        whole &= add(found.next(), together);
      }
      if (whole) {
        learning.learn(item, next.name(), next.part().joined(together));
      }
      next = left.hasNext() ? left.next() : null;
    }
  }

  private static boolean add(Optional<List<String>> found, List<String> together) {
    found.ifPresent(together::addAll);
    return found.isPresent();
  }

  private static final class ItemForm implements SpooledList.Form<Item> {
    @Override
    public void write(Item item, DataOutput out) throws IOException {
      out.writeUTF(item.path());
      item.stamp().write(out);
      boolean whole = item.piece() instanceof WholeFile;
      out.writeBoolean(whole);
      if (!whole) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream objects = new ObjectOutputStream(bytes)) {
          objects.writeObject(item.piece());
        }
        out.writeInt(bytes.size());
        out.write(bytes.toByteArray());
      }
    }

    @Override
    public Item read(DataInput in) throws IOException {
      String path = in.readUTF();
      FileStamp stamp = FileStamp.read(in);
      if (in.readBoolean()) {
        return new Item(path, stamp, new WholeFile(stamp.bytes()));
      }
      byte[] bytes = new byte[in.readInt()];
      in.readFully(bytes);
      try (ObjectInputStream objects = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
        return new Item(path, stamp, (Piece) objects.readObject());
      } catch (ClassNotFoundException e) {
        throw new IOException("Cannot read what was kept: " + e.getMessage(), e);
      }
    }
  }
}
