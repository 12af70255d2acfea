package simsiam.pipelines.source.digest;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import simsiam.model.data.LabelSpace;
import simsiam.pipelines.source.listing.SourceSplit;
import simsiam.pipelines.spool.Sorting;
import simsiam.pipelines.spool.SpooledList;

/**
 * What a source held at one moment. Chunks made of it take no other content for it.
 *
 * @param digest of everything that the images depend on: 64 hexadecimal digits
 * @param space of the labels
 * @param files that images are read from
 */
public record SourceContents(String digest, LabelSpace space, List<Item> files) {
  public SourceContents {
    files = files instanceof SpooledList ? files : List.copyOf(files); // it never changes
  }

  /** Of images that have one class each, or no labels. */
  public SourceContents(String digest, List<String> classNames, List<Item> files) {
    this(digest, LabelSpace.of(classNames), files);
  }

  /** Class names by index; empty where images have no labels. */
  public List<String> classNames() {
    return space.classNames();
  }

  /** A file, and the digest of its content or of the part that is in use. */
  public sealed interface Item {
    /** Stable name, relative to the source's root. */
    String name();

    String sha256();
  }

  /**
   * A file of one image, which is read whole and so held to its digest.
   *
   * @param label class index, or -1
   */
  public record ImageItem(SourceSplit split, String name, int label, String sha256)
      implements Item {}

  /** An archive or another file of many images, which is held to its stamp. */
  public record ManyImagesItem(String name, String path, String sha256, FileStamp stamp)
      implements Item {}

  /** How items are kept where there are many. */
  public static final SpooledList.Form<Item> FORM = new ItemForm();

  private static final class ItemForm implements SpooledList.Form<Item> {
    @Override
    public void write(Item item, DataOutput out) throws IOException {
      out.writeBoolean(item instanceof ImageItem);
      out.writeUTF(item.name());
      if (item instanceof ImageItem image) {
        out.writeUTF(image.split().name());
        out.writeInt(image.label());
        out.write(HexFormat.of().parseHex(image.sha256()));
      } else if (item instanceof ManyImagesItem many) {
        out.writeUTF(many.path());
        out.writeUTF(many.sha256());
        many.stamp().write(out);
      }
    }

    @Override
    public Item read(DataInput in) throws IOException {
      boolean image = in.readBoolean();
      String name = in.readUTF();
      if (image) {
        SourceSplit split = SourceSplit.valueOf(in.readUTF());
        int label = in.readInt();
        byte[] sha256 = new byte[32];
        in.readFully(sha256);
        return new ImageItem(split, name, label, HexFormat.of().formatHex(sha256));
      }
      String path = in.readUTF();
      String sha256 = in.readUTF();
      return new ManyImagesItem(name, path, sha256, FileStamp.read(in));
    }
  }

  /** The files of one image each that are of a split, in the order of the source. */
  public Iterator<ImageItem> images(SourceSplit split) {
    return files.stream()
        .filter(item -> item instanceof ImageItem image && image.split() == split)
        .map(ImageItem.class::cast)
        .iterator();
  }

  /**
   * A file of many images as it was.
   *
   * @throws IllegalStateException if it was not there
   */
  public HeldFile held(Path file) {
    return files.stream()
        .filter(item -> item instanceof ManyImagesItem many && many.path().equals(file.toString()))
        .map(item -> HeldFile.of(file, ((ManyImagesItem) item).stamp()))
        .findFirst()
        .orElseThrow(() -> changed(file.toString()));
  }

  /** The failure of a worker that found another file than was planned. */
  public static IllegalStateException changed(String file) {
    return new IllegalStateException(
        "Cannot read the data set: expected %s as it was when the run was planned, got a changed file"
            .formatted(file));
  }

  /**
   * What was changed between this and a later look, in words with the names of files; empty if what
   * was read in the meantime is certain to be what is here. That a file of many images was touched
   * counts, though its content is the same at the end.
   *
   * @param most names of each kind
   */
  public Optional<String> changesUntil(SourceContents later, int most) {
    if (digest.equals(later.digest) && !maybeTouchedUntil(later)) {
      return Optional.empty();
    }
    Names gone = new Names("gone", most);
    Names added = new Names("added", most);
    Names changed = new Names("changed", most);
    Names relabelled = new Names("with another class or split", most);
    Names touched = new Names("written to, though with the same content at the end", most);
    Iterator<Item> before = byName(files);
    Iterator<Item> after = byName(later.files);
    Item earlier = next(before);
    Item item = next(after);
    while (earlier != null || item != null) {
      int order = earlier == null ? 1 : item == null ? -1 : earlier.name().compareTo(item.name());
      if (order < 0) {
        gone.add(earlier.name());
      } else if (order > 0) {
        added.add(item.name());
      } else if (!earlier.sha256().equals(item.sha256())) {
        changed.add(item.name());
      } else if (relabelled(earlier, item)) {
        relabelled.add(item.name());
      } else if (touched(earlier, item)) {
        touched.add(item.name());
      }
      earlier = order <= 0 ? next(before) : earlier;
      item = order >= 0 ? next(after) : item;
    }
    List<String> parts = new ArrayList<>();
    for (Names names : List.of(gone, changed, added, relabelled, touched)) {
      names.text().ifPresent(parts::add);
    }
    if (!classNames().equals(later.classNames())) {
      parts.add("other class names");
    }
    if (parts.isEmpty() && !digest.equals(later.digest)) {
      parts.add("other content");
    }
    return parts.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", parts));
  }

  /** Whether it is not certain of contents of the same digest that no file was touched. */
  private boolean maybeTouchedUntil(SourceContents later) {
    Iterator<Item> after = later.files.iterator();
    for (Item item : files) {
      Item now = next(after);
      if (now == null || !item.name().equals(now.name()) || touched(item, now)) {
        return true;
      }
    }
    return after.hasNext();
  }

  private static Iterator<Item> byName(List<Item> items) {
    Sorting<Item> sorting = new Sorting<>(FORM, Comparator.comparing(Item::name));
    items.forEach(sorting::add);
    return sorting.iterator();
  }

  private static Item next(Iterator<Item> items) {
    return items.hasNext() ? items.next() : null;
  }

  private static boolean relabelled(Item earlier, Item later) {
    return earlier instanceof ImageItem a
        && later instanceof ImageItem b
        && (a.label() != b.label() || a.split() != b.split());
  }

  private static boolean touched(Item earlier, Item later) {
    return earlier instanceof ManyImagesItem a
        && later instanceof ManyImagesItem b
        && !a.stamp().untouchedUntil(b.stamp());
  }

  /** Files of which the same is to be said, the first of them by their names. */
  private static final class Names {
    private final String what;
    private final int most;
    private final List<String> names = new ArrayList<>();
    private int count;

    Names(String what, int most) {
      this.what = what;
      this.most = most;
    }

    void add(String name) {
      count++;
      if (names.size() < most) {
        names.add(name);
      }
    }

    Optional<String> text() {
      if (count == 0) {
        return Optional.empty();
      }
      return Optional.of(
          "%s %s %s (%s%s)"
              .formatted(
                  count,
                  count == 1 ? "file" : "files",
                  what,
                  String.join(", ", names),
                  count > most ? ", ..." : ""));
    }
  }
}
