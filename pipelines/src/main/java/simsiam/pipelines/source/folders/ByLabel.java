package simsiam.pipelines.source.folders;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import simsiam.pipelines.source.listing.SourceFile;
import simsiam.pipelines.source.listing.SourceFileForm;
import simsiam.pipelines.spool.Sorting;
import simsiam.pipelines.spool.SpooledList;

/**
 * Files by label, in the order in which they came; unlabelled ones come last. They need not be in
 * memory.
 */
public final class ByLabel {
  private final Sorting<SourceFile> sorting;
  private final int[] counts;

  /**
   * @param place the folder that the files lie below, or the archive that they lie in
   * @param labels there are
   */
  public ByLabel(Path place, int labels) {
    this.counts = new int[labels + 1];
    this.sorting = new Sorting<>(new SourceFileForm(place), Comparator.comparingInt(this::group));
  }

  /** The files of a list by label. */
  static List<List<SourceFile>> of(List<SourceFile> files, Path place, int labels) {
    ByLabel byLabel = new ByLabel(place, labels);
    files.forEach(byLabel::add);
    return byLabel.groups();
  }

  private int group(SourceFile file) {
    return file.label() < 0 ? counts.length - 1 : file.label();
  }

  public void add(SourceFile file) {
    sorting.add(file);
    counts[group(file)]++;
  }

  /** How many files were added. */
  public int size() {
    return Arrays.stream(counts).sum();
  }

  /** A list for each label, and one more; nothing may be added any more. */
  public List<List<SourceFile>> groups() {
    SpooledList<SourceFile> all = sorting.list();
    List<List<SourceFile>> groups = new ArrayList<>();
    int from = 0;
    for (int count : counts) {
      groups.add(all.subList(from, from + count));
      from += count;
    }
    return groups;
  }
}
