package simsiam.pipelines.source.digest;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import simsiam.model.data.LabelSpace;
import simsiam.pipelines.source.listing.SourceSplit;

/**
 * What a source held at one moment. Chunks made of it take no other content for it.
 *
 * @param digest of everything that the images depend on: 64 hexadecimal digits
 * @param space of the labels
 * @param files that images are read from
 */
public record SourceContents(String digest, LabelSpace space, List<Item> files) {
  public SourceContents {
    files = List.copyOf(files);
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

  /** Digests of the files of one image, by name. */
  public Map<String, String> imageDigests() {
    Map<String, String> digests = new HashMap<>();
    for (Item item : files) {
      if (item instanceof ImageItem image) {
        digests.put(image.name(), image.sha256());
      }
    }
    return digests;
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
    Map<String, Item> before = new HashMap<>();
    files.forEach(item -> before.put(item.name(), item));
    Names added = new Names("added");
    Names changed = new Names("changed");
    Names relabelled = new Names("with another class or split");
    Names touched = new Names("written to, though with the same content at the end");
    for (Item item : later.files) {
      Item earlier = before.remove(item.name());
      if (earlier == null) {
        added.add(item.name());
      } else if (!earlier.sha256().equals(item.sha256())) {
        changed.add(item.name());
      } else if (relabelled(earlier, item)) {
        relabelled.add(item.name());
      } else if (touched(earlier, item)) {
        touched.add(item.name());
      }
    }
    Names gone = new Names("gone");
    before.keySet().stream().sorted().forEach(gone::add);
    List<String> parts = new ArrayList<>();
    for (Names names : List.of(gone, changed, added, relabelled, touched)) {
      names.text(most).ifPresent(parts::add);
    }
    if (!classNames().equals(later.classNames())) {
      parts.add("other class names");
    }
    if (parts.isEmpty() && !digest.equals(later.digest)) {
      parts.add("other content");
    }
    return parts.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", parts));
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

  /** Files of which the same is to be said. */
  private static final class Names {
    private final String what;
    private final List<String> names = new ArrayList<>();

    Names(String what) {
      this.what = what;
    }

    void add(String name) {
      names.add(name);
    }

    Optional<String> text(int most) {
      if (names.isEmpty()) {
        return Optional.empty();
      }
      String more = names.size() > most ? ", ..." : "";
      return Optional.of(
          "%s %s %s (%s%s)"
              .formatted(
                  names.size(),
                  names.size() == 1 ? "file" : "files",
                  what,
                  String.join(", ", names.subList(0, Math.min(most, names.size()))),
                  more));
    }
  }
}
