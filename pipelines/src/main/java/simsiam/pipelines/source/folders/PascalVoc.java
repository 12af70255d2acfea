package simsiam.pipelines.source.folders;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import simsiam.model.data.LabelSet;
import simsiam.model.data.LabelSpace;
import simsiam.pipelines.source.listing.RelativeName;
import simsiam.pipelines.source.listing.SkippedFile;
import simsiam.pipelines.source.listing.SourceFile;
import simsiam.pipelines.source.listing.SourceProblem;
import simsiam.pipelines.source.listing.SourceSplit;
import simsiam.pipelines.source.listing.TextLines;
import simsiam.pipelines.source.listing.TextLines.Line;

/**
 * PASCAL VOC's classification task in its folders, or in an archive of them: {@code
 * JPEGImages/ID.jpg}, and in {@code ImageSets/Main} a file {@code CLASS_SPLIT.txt} of each class,
 * whose lines have an id and 1 where the image shows the class, -1 where it does not, or 0 where it
 * shows only objects that are marked difficult, which count as neither. Sets that others made in
 * this form often have no such files: there {@code ImageSets/Main/SPLIT.txt} lists the images, and
 * {@code Annotations/ID.xml} tell the same.
 *
 * <p>VOC2007 is trained on {@code trainval} and tested on {@code test}. Later years, whose test
 * images have no public labels, are trained on {@code train} and tested on {@code val}.
 *
 * @see <a href="http://host.robots.ox.ac.uk/pascal/VOC/">the sets</a>
 */
public record PascalVoc(Path root) implements FolderLayout {
  private static final String IMAGES = "JPEGImages";
  private static final String LISTS = "ImageSets/Main";
  private static final String ANNOTATIONS = "Annotations";
  private static final Pattern LINE = Pattern.compile("\\s*(\\S+)\\s+(-1|0|1)\\s*");

  /** What is known of the images of a split, by id. */
  private record Listed(String split, SortedMap<String, SortedMap<String, Integer>> images) {}

  @Override
  public List<Part> parts() {
    ImageTree tree = ImageTree.open(root);
    String top = top(tree, ImageTree.ROOT, 2);
    List<SourceFile> files = tree.below(ImageTree.child(top, IMAGES)).files();
    if (files.stream().anyMatch(file -> file.at() instanceof SourceFile.Streamed)) {
      throw SourceProblem.of(
          "a folder, a zip or a plain tar of PASCAL VOC",
          "a compressed tar, which would be read anew for each of its lists (%s)".formatted(root));
    }
    Lists lists = new Lists(tree, top);
    boolean tested = lists.has("test");
    Listed train = lists.read(tested ? "trainval" : "train");
    Listed test = lists.read(tested ? "test" : "val");
    Set<String> both = new TreeSet<>(train.images().keySet());
    both.retainAll(test.images().keySet());
    if (!both.isEmpty()) {
      throw SourceProblem.of(
          "each image in one list",
          "%s in %s and %s (%s)"
              .formatted(
                  both.iterator().next(), train.split(), test.split(), tree.place(lists.folder())));
    }
    List<String> classes = lists.classes(train, test);
    LabelSpace space =
        LabelSpace.of(
            classes,
            Stream.of(train, test)
                .flatMap(split -> split.images().values().stream())
                .map(of -> labelSet(of, classes))
                .toList());
    Images images = new Images(tree, top, files, space);
    return List.of(
        images.part(SourceSplit.TRAIN, train, images.unlisted(train, test)),
        images.part(SourceSplit.TEST, test, List.of()));
  }

  /** The folder that has the images: the root, or one below it. */
  private static String top(ImageTree tree, String folder, int depth) {
    if (tree.isFolder(ImageTree.child(folder, IMAGES))) {
      return folder;
    }
    List<String> found = new ArrayList<>();
    List<String> inner = depth == 0 ? List.of() : tree.subfolders(folder);
    for (String name : inner) {
      String below = ImageTree.child(folder, name);
      if (tree.isFolder(ImageTree.child(below, IMAGES))) {
        found.add(below);
      }
    }
    if (found.size() == 1) {
      return found.get(0);
    }
    if (found.isEmpty() && inner.size() == 1) {
      return top(tree, ImageTree.child(folder, inner.get(0)), depth - 1);
    }
    throw SourceProblem.of(
        "one folder with %s, %s and %s".formatted(IMAGES, LISTS, ANNOTATIONS),
        "%s (%s)".formatted(found.isEmpty() ? "none" : found, tree.place(folder)));
  }

  private static LabelSet labelSet(Map<String, Integer> labels, List<String> classes) {
    List<Integer> present = new ArrayList<>();
    List<Integer> ignored = new ArrayList<>();
    labels.forEach(
        (name, value) -> {
          if (value >= 0) {
            (value > 0 ? present : ignored).add(classes.indexOf(name));
          }
        });
    return new LabelSet(present, ignored);
  }

  /** What the files beside the images say. */
  private static final class Lists {
    private final ImageTree tree;
    private final String top;
    private final String folder;
    private final Set<String> files = new TreeSet<>();

    Lists(ImageTree tree, String top) {
      this.tree = tree;
      this.top = top;
      this.folder = ImageTree.child(top, LISTS);
      if (!tree.isFolder(folder)) {
        throw SourceProblem.of(
            "a folder %s beside %s".formatted(LISTS, IMAGES),
            "none (%s)".formatted(tree.place(folder)));
      }
      for (SourceFile file : tree.below(folder).files()) {
        files.add(file.name().substring(folder.length() + 1));
      }
    }

    String folder() {
      return folder;
    }

    boolean has(String split) {
      return files.contains(split + ".txt") || !ofClasses(split).isEmpty();
    }

    /** Names of the classes that have a file of the split. */
    private List<String> ofClasses(String split) {
      String end = "_" + split + ".txt";
      return files.stream()
          .filter(name -> name.endsWith(end) && name.length() > end.length())
          .map(name -> name.substring(0, name.length() - end.length()))
          .toList();
    }

    Listed read(String split) {
      if (!has(split)) {
        throw SourceProblem.of(
            "lists of trainval and test, or of train and val, in %s".formatted(LISTS),
            "none of %s (%s)".formatted(split, tree.place(folder)));
      }
      List<String> classes = ofClasses(split);
      SortedMap<String, SortedMap<String, Integer>> images =
          classes.isEmpty() ? annotated(split) : byClass(split, classes);
      if (images.isEmpty()) {
        throw SourceProblem.of("images of " + split, "none (%s)".formatted(tree.place(folder)));
      }
      return new Listed(split, images);
    }

    private List<Line> lines(String name) {
      String file = ImageTree.child(folder, name);
      return TextLines.of(tree.place(file), tree.text(file).orElse(new byte[0])).lines();
    }

    private SortedMap<String, SortedMap<String, Integer>> byClass(
        String split, List<String> classes) {
      SortedMap<String, SortedMap<String, Integer>> images = new TreeMap<>();
      for (String name : classes) {
        String file = name + "_" + split + ".txt";
        boolean first = name.equals(classes.get(0));
        Set<String> seen = new TreeSet<>();
        for (Line line : lines(file)) {
          Matcher parts = LINE.matcher(line.text());
          if (!parts.matches()) {
            throw SourceProblem.of(
                "an image and 1, 0 or -1", "'%s' (%s)".formatted(line.text(), line.place()));
          }
          String id = id(parts.group(1), line);
          if (!seen.add(id) || !(first || images.containsKey(id))) {
            throw SourceProblem.of(
                "each image once, and those of " + classes.get(0) + "_" + split + ".txt",
                "%s (%s)".formatted(id, line.place()));
          }
          images
              .computeIfAbsent(id, unused -> new TreeMap<>())
              .put(name, Integer.parseInt(parts.group(2)));
        }
        Set<String> left = new TreeSet<>(images.keySet());
        left.removeAll(seen);
        if (!left.isEmpty()) {
          throw SourceProblem.of(
              "a line for each image",
              "none for %s (%s)"
                  .formatted(left.iterator().next(), tree.place(ImageTree.child(folder, file))));
        }
      }
      return images;
    }

    private SortedMap<String, SortedMap<String, Integer>> annotated(String split) {
      SortedMap<String, SortedMap<String, Integer>> images = new TreeMap<>();
      for (Line line : lines(split + ".txt")) {
        String id = id(line.text().strip(), line);
        String name = ImageTree.child(ImageTree.child(top, ANNOTATIONS), id + ".xml");
        byte[] xml =
            tree.text(name)
                .orElseThrow(
                    () ->
                        SourceProblem.of(
                            "an annotation of each image, or files of each class in " + LISTS,
                            "none of %s (%s)".formatted(id, tree.place(name))));
        if (images.put(id, VocAnnotation.labels(xml, tree.place(name))) != null) {
          throw SourceProblem.of("each image once", "%s (%s)".formatted(id, line.place()));
        }
      }
      return images;
    }

    private static String id(String text, Line line) {
      RelativeName.requireInside(text, line.place());
      return text;
    }

    /** Those of both splits, which must have the same where files of classes name them. */
    List<String> classes(Listed train, Listed test) {
      List<String> trained = ofClasses(train.split());
      List<String> tested = ofClasses(test.split());
      if (!trained.equals(tested)) {
        SortedSet<String> one = new TreeSet<>(trained);
        tested.forEach(
            name -> {
              if (!one.remove(name)) {
                one.add(name);
              }
            });
        throw SourceProblem.of(
            "a file of each class for %s and for %s".formatted(train.split(), test.split()),
            "one for %s alone (%s)".formatted(one.first(), tree.place(folder)));
      }
      SortedSet<String> names = new TreeSet<>();
      Stream.of(train, test)
          .flatMap(split -> split.images().values().stream())
          .forEach(of -> names.addAll(of.keySet()));
      if (names.isEmpty()) {
        throw SourceProblem.of(
            "objects in some annotations",
            "none (%s)".formatted(tree.place(ImageTree.child(top, ANNOTATIONS))));
      }
      return List.copyOf(names);
    }
  }

  /** The image files, by id. */
  private static final class Images {
    private final ImageTree tree;
    private final String top;
    private final LabelSpace space;
    private final Map<String, SourceFile> byId = new HashMap<>();

    Images(ImageTree tree, String top, List<SourceFile> files, LabelSpace space) {
      this.tree = tree;
      this.top = top;
      this.space = space;
      for (SourceFile file : files) {
        byId.put(id(file), file);
      }
    }

    private String id(SourceFile file) {
      String name = file.name().substring(ImageTree.child(top, IMAGES).length() + 1);
      int dot = name.lastIndexOf('.');
      return dot < 0 ? name : name.substring(0, dot);
    }

    /** Those of other years, or with other annotations. */
    List<SkippedFile> unlisted(Listed train, Listed test) {
      return byId.entrySet().stream()
          .filter(
              file ->
                  !train.images().containsKey(file.getKey())
                      && !test.images().containsKey(file.getKey()))
          .map(file -> new SkippedFile(file.getValue().name(), SkippedFile.NOT_USED))
          .toList();
    }

    Part part(SourceSplit split, Listed listed, List<SkippedFile> skipped) {
      List<SourceFile> files = new ArrayList<>();
      listed
          .images()
          .forEach(
              (id, labels) ->
                  files.add(
                      file(id, listed)
                          .labelled(space.label(labelSet(labels, space.classNames())))));
      return new Part(
          split,
          tree.place(ImageTree.ROOT),
          "%s of %s".formatted(listed.split(), LISTS),
          space,
          ByLabel.of(files, tree.path(), space.labels()),
          skipped);
    }

    /** Under the name that it has wherever the folders are. */
    private SourceFile file(String id, Listed listed) {
      SourceFile file = byId.get(id);
      if (file == null) {
        return new SourceFile(
            "%s/%s.jpg".formatted(IMAGES, id),
            0,
            new SourceFile.Missing(
                "missing",
                "expected a file, got none (%s of %s)".formatted(listed.split(), LISTS)));
      }
      String name = top.isEmpty() ? file.name() : file.name().substring(top.length() + 1);
      return new SourceFile(name, file.bytes(), file.at());
    }
  }
}
