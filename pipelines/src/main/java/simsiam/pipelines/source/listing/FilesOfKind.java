package simsiam.pipelines.source.listing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import simsiam.pipelines.spool.Sorting;

/** The files of many images each that are at any depth in a folder, and what lies among them. */
public final class FilesOfKind {
  private final List<SourceFile> files = new ArrayList<>();
  private final Sorting<SkippedFile> skipped =
      new Sorting<>(SkippedFile.FORM, Comparator.comparing(SkippedFile::name));

  private FilesOfKind() {}

  /** Files that are given by name: nothing lies among them. */
  public static FilesOfKind of(List<SourceFile> files) {
    FilesOfKind found = new FilesOfKind();
    found.files.addAll(files);
    return found;
  }

  /**
   * Lists a folder; one of the files that cannot be read would be images without a trace.
   *
   * @param what they are called in messages
   * @param ofKind tells them by their names
   * @param known names of files that are neither of the kind nor skipped
   */
  public static FilesOfKind in(
      Path folder, String what, Predicate<String> ofKind, Set<String> known) {
    FilesOfKind found = new FilesOfKind();
    Directories.walk(
        folder,
        folder,
        new Directories.Visitor() {
          @Override
          public void file(SourceFile file) {
            if (ofKind.test(file.name())) {
              found.files.add(file);
            } else if (!known.contains(file.name())) {
              found.skipped.add(new SkippedFile(file.name(), SkippedFile.NOT_USED));
            }
          }

          @Override
          public void absent(SourceFile file) {
            if (ofKind.test(file.name())) {
              throw SourceProblem.of(
                  "%s that can be read".formatted(what),
                  "%s: %s (%s)"
                      .formatted(file.name(), ((SourceFile.Missing) file.at()).problem(), folder));
            }
            found.skipped.add(new SkippedFile(file.name(), SkippedFile.NOT_USED));
          }

          @Override
          public void hidden(String name) {
            found.skipped.add(SkippedFile.hidden(name));
          }
        });
    found.files.sort(Comparator.comparing(SourceFile::name));
    return found;
  }

  /** Sorted by name. */
  public List<SourceFile> files() {
    return files;
  }

  /** All that is left aside, sorted by name: what lies among the files, and some of them. */
  public List<SkippedFile> skippedWith(List<SkippedFile> unused) {
    unused.forEach(skipped::add);
    return skipped.list();
  }
}
