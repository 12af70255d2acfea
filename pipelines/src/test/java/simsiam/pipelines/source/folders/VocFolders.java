package simsiam.pipelines.source.folders;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import simsiam.pipelines.source.Fixtures;

/** A small set in PASCAL VOC's folders. */
public record VocFolders(Path root) {
  /**
   * An image that is red shows a cat, and one that is green a dog; every fifth dog is difficult.
   */
  public static VocFolders made(Path root, int train, int test) {
    VocFolders voc = new VocFolders(root);
    List<String> trained = voc.images(0, train);
    List<String> tested = voc.images(train, test);
    voc.lists("trainval", trained);
    voc.lists("test", tested);
    return voc;
  }

  private List<String> images(int first, int count) {
    List<String> ids = new ArrayList<>();
    for (int i = first; i < first + count; i++) {
      String id = String.format(Locale.ROOT, "%06d", i);
      Fixtures.write(root.resolve("JPEGImages/" + id + ".jpg"), Fixtures.png(20, 24, i));
      ids.add(id);
    }
    return ids;
  }

  private void lists(String split, List<String> ids) {
    text("ImageSets/Main/" + split + ".txt", String.join("\n", ids) + "\n");
    StringBuilder cats = new StringBuilder();
    StringBuilder dogs = new StringBuilder();
    for (String id : ids) {
      int i = Integer.parseInt(id);
      cats.append("%s %s\n".formatted(id, i % 2 == 0 ? " 1" : "-1"));
      dogs.append("%s %s\n".formatted(id, i % 3 != 0 ? "-1" : i % 5 == 0 ? " 0" : " 1"));
    }
    text("ImageSets/Main/cat_" + split + ".txt", cats.toString());
    text("ImageSets/Main/dog_" + split + ".txt", dogs.toString());
  }

  /** An annotation: a name and 0 or 1 of each object. */
  public void annotation(String id, String... objects) {
    StringBuilder xml = new StringBuilder("<annotation><filename>x</filename>");
    for (String object : objects) {
      String[] parts = object.split(" ", -1);
      xml.append("<object><name>%s</name><part><name>head</name></part>".formatted(parts[0]));
      if (parts.length > 1) {
        xml.append("<difficult>%s</difficult>".formatted(parts[1]));
      }
      xml.append("</object>");
    }
    text("Annotations/" + id + ".xml", xml.append("</annotation>").toString());
  }

  public void text(String name, String content) {
    Fixtures.write(root.resolve(name), content.getBytes(StandardCharsets.UTF_8));
  }

  public void delete(String name) {
    try {
      Files.delete(root.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
