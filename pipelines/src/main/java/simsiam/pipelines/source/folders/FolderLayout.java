package simsiam.pipelines.source.folders;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import simsiam.model.data.LabelSpace;
import simsiam.pipelines.source.listing.SkippedFile;
import simsiam.pipelines.source.listing.SourceFile;
import simsiam.pipelines.source.listing.SourceSplit;

/** How a set of image files is to be read: which split and class each file is in. */
@FunctionalInterface
public interface FolderLayout {
  /** Splits and classes with their files; the training images come first. */
  List<Part> parts();

  /**
   * The files of one split, all on disk or all in one archive.
   *
   * @param place the folder or archive, for messages
   * @param from what of it makes the split, for people
   * @param space of the labels; the same in all parts
   * @param groups files of each label, by name
   * @param skipped what lies among them and is not taken
   */
  record Part(
      SourceSplit split,
      String place,
      String from,
      LabelSpace space,
      List<List<SourceFile>> groups,
      List<SkippedFile> skipped) {
    /** Of images that have one class each, or no labels. */
    Part(
        SourceSplit split,
        String place,
        String from,
        List<String> classNames,
        List<List<SourceFile>> groups,
        List<SkippedFile> skipped) {
      this(split, place, from, LabelSpace.of(classNames), groups, skipped);
    }

    List<String> classNames() {
      return space.classNames();
    }

    /** The same under other names of the classes. */
    Part named(List<String> names) {
      return new Part(split, place, from, names, groups, skipped);
    }

    /** One file of each label in turn, so that the first n hold all of them. */
    Iterator<SourceFile> interleaved() {
      Queue<Iterator<SourceFile>> left = new ArrayDeque<>();
      for (List<SourceFile> group : groups) {
        if (!group.isEmpty()) {
          left.add(group.iterator());
        }
      }
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return !left.isEmpty();
        }

        @Override
        public SourceFile next() {
          Iterator<SourceFile> group = left.remove();
          SourceFile file = group.next();
          if (group.hasNext()) {
            left.add(group);
          }
          return file;
        }
      };
    }
  }
}
