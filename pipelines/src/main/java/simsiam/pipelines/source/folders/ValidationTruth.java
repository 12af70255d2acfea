package simsiam.pipelines.source.folders;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import simsiam.pipelines.source.listing.SourceFile;
import simsiam.pipelines.source.listing.SourceProblem;
import simsiam.pipelines.source.listing.TextLines;
import simsiam.pipelines.source.listing.TextLines.Line;

/**
 * The classes of ImageNet's validation images, as one of three files in common use has them: {@code
 * imagenet_2012_validation_synset_labels.txt} (line n is the wnid of image n), {@code
 * LOC_val_solution.csv} (image, then wnid and box) or {@code val.txt} (file and class from 0, in
 * the order of the wnids).
 *
 * @param labels by file name
 */
record ValidationTruth(String place, List<String> wnids, Map<String, Integer> labels) {
  private static final String SYNSETS = "imagenet_2012_validation_synset_labels.txt";
  private static final String SOLUTION = "LOC_val_solution.csv";
  private static final String NUMBERED = "val.txt";

  /** Reads the first of the files that is in the folder. */
  static ValidationTruth find(Path root, List<String> wnids) {
    DirectoryTree tree = new DirectoryTree(root);
    for (String name : List.of(SYNSETS, SOLUTION, NUMBERED)) {
      byte[] content = tree.text(name).orElse(null);
      if (content != null) {
        ValidationTruth truth = new ValidationTruth(tree.place(name), wnids, new TreeMap<>());
        truth.read(name, TextLines.of(tree.place(name), content).lines());
        return truth;
      }
    }
    throw SourceProblem.of(
        "the classes of the validation images in %s, %s or %s, or class folders in val"
            .formatted(SYNSETS, SOLUTION, NUMBERED),
        "none (%s)".formatted(root));
  }

  /** Files with their classes, named as if they lay in class folders. */
  List<SourceFile> label(List<SourceFile> files) {
    Map<String, Integer> left = new TreeMap<>(labels);
    List<SourceFile> labelled = new ArrayList<>();
    for (SourceFile file : files) {
      String name = file.name().substring(file.name().lastIndexOf('/') + 1);
      Integer label = left.remove(name);
      if (label == null) {
        throw SourceProblem.of(
            "a line for each validation image", "none for %s (%s)".formatted(name, place));
      }
      String id = "val/" + wnids.get(label) + "/" + name;
      labelled.add(new SourceFile(id, file.bytes(), file.at(), label));
    }
    if (!left.isEmpty()) {
      throw SourceProblem.of(
          "all validation images that %s names".formatted(place),
          "no " + left.keySet().iterator().next());
    }
    labelled.sort(Comparator.comparing(SourceFile::name));
    return labelled;
  }

  private void read(String kind, List<Line> lines) {
    for (int i = 0; i < lines.size(); i++) {
      Line line = lines.get(i);
      switch (kind) {
        case SYNSETS ->
            add(
                line,
                String.format(Locale.ROOT, "ILSVRC2012_val_%08d.JPEG", i + 1),
                wnid(line, line.text()));
        case SOLUTION -> {
          if (i > 0 || !line.text().startsWith("ImageId,")) {
            List<String> parts = line.parts("[, ]");
            add(line, parts.get(0) + ".JPEG", wnid(line, parts.size() < 2 ? "" : parts.get(1)));
          }
        }
        default -> {
          List<String> parts = line.parts(" ");
          add(line, parts.get(0), number(line, parts.size() < 2 ? "" : parts.get(1)));
        }
      }
    }
  }

  private void add(Line line, String file, int label) {
    if (labels.put(file, label) != null) {
      throw SourceProblem.of("each image once", "%s twice (%s)".formatted(file, line.place()));
    }
  }

  private int wnid(Line line, String wnid) {
    int label = wnids.indexOf(wnid.strip());
    if (label < 0) {
      throw SourceProblem.of("a class of train", "'%s' (%s)".formatted(line.text(), line.place()));
    }
    return label;
  }

  private int number(Line line, String number) {
    if (!number.matches("\\d{1,9}") || Integer.parseInt(number) >= wnids.size()) {
      throw SourceProblem.of(
          "a file and a class from 0 to %s".formatted(wnids.size() - 1),
          "'%s' (%s)".formatted(line.text(), line.place()));
    }
    return Integer.parseInt(number);
  }
}
