package simsiam.pipelines.source.digest;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import simsiam.model.data.LabelSpace;
import simsiam.model.file.Sha256;
import simsiam.pipelines.source.listing.SourceFile;
import simsiam.pipelines.source.listing.SourceImage;

/** Digest of a source: what it is, its class names, and name, size and content of its files. */
public final class SourceDigest {
  private SourceDigest() {}

  /** Contents of a source of a few files of many images each. */
  public static SourceContents of(
      String kind, List<String> classNames, List<SourceFile> files, DigestCache cache) {
    MessageDigest digest = begin(kind, classNames);
    List<SourceContents.Item> items = new ArrayList<>();
    Iterator<SourceFile> left = files.iterator();
    InOrder.forEach(
        files.iterator(),
        1,
        file -> cache.of(file.path()),
        known -> {
          SourceFile file = left.next();
          add(digest, file.name());
          add(digest, String.valueOf(file.bytes()));
          add(digest, known.sha256());
          items.add(
              new SourceContents.ManyImagesItem(
                  file.name(), file.path().toString(), known.sha256(), known.stamp()));
        });
    return new SourceContents(Sha256.hex(digest.digest()), classNames, items);
  }

  /** Digest of a source from those of its splits. */
  public static String of(String kind, List<String> classNames, List<String> splits) {
    MessageDigest digest = begin(kind, classNames);
    splits.forEach(split -> add(digest, split));
    return Sha256.hex(digest.digest());
  }

  private static MessageDigest begin(String kind, List<String> classNames) {
    MessageDigest digest = Sha256.digest();
    add(digest, kind);
    add(digest, String.valueOf(classNames.size()));
    classNames.forEach(name -> add(digest, name));
    return digest;
  }

  /** Digest of what the labels of images that may show several classes stand for. */
  public static String of(LabelSpace space) {
    MessageDigest digest = Sha256.digest();
    space.sets().forEach(set -> add(digest, set.present() + " " + set.ignored()));
    return Sha256.hex(digest.digest());
  }

  /** Digest of images that are named but not there. */
  public static String of(List<SourceImage.Unreadable> missing) {
    MessageDigest digest = Sha256.digest();
    for (SourceImage.Unreadable image : missing) {
      add(digest, image.reason());
      add(digest, image.id());
      add(digest, String.valueOf(image.label()));
    }
    return Sha256.hex(digest.digest());
  }

  /** Ends each part with a byte that UTF-8 never has, so that parts cannot run together. */
  public static void add(MessageDigest digest, String part) {
    digest.update(part.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0xFF);
  }
}
