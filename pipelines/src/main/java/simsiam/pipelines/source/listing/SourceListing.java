package simsiam.pipelines.source.listing;

import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import simsiam.pipelines.spool.SpooledList;

/**
 * What a source holds, as far as it can be told without reading images: what {@code plan} shows and
 * checks go by.
 *
 * @param classNames by label; empty where images have no labels
 * @param splits training first
 * @param skipped files and folders of the source that are not taken for images, sorted by name
 */
public record SourceListing(
    List<String> classNames, List<Split> splits, List<SkippedFile> skipped) {
  public SourceListing {
    classNames = List.copyOf(classNames);
    splits = List.copyOf(splits);
    skipped = kept(skipped);
  }

  /**
   * The images of one split.
   *
   * @param from what they come from, for people: a folder, rows, files
   * @param images to be read; empty where an archive would have to be unpacked to tell
   * @param classCounts images by label; empty where only reading would tell
   * @param unlabelled images without a label; empty where only reading would tell
   * @param missing images that are named but not there, each of which is rejected
   */
  public record Split(
      SourceSplit split,
      String from,
      OptionalLong images,
      List<Long> classCounts,
      OptionalLong unlabelled,
      List<SourceImage.Unreadable> missing) {
    public Split {
      classCounts = List.copyOf(classCounts);
      missing = kept(missing);
    }

    /** A split whose labels are known by number alone. */
    public static Split of(
        SourceSplit split, String from, OptionalLong images, OptionalLong unlabelled) {
      return new Split(split, from, images, List.of(), unlabelled, List.of());
    }

    /** Whether it is known that not one of its images has a label. */
    public boolean withoutLabels() {
      return unlabelled.isPresent() && unlabelled.equals(images);
    }
  }

  /** Whether the source itself says which images are in a split. */
  public boolean has(SourceSplit split) {
    return splits.stream().anyMatch(part -> part.split() == split);
  }

  /** Images that are named but not there, in all splits. */
  public Stream<SourceImage.Unreadable> missing() {
    return splits.stream().flatMap(split -> split.missing().stream());
  }

  /** How many images are named but not there, in all splits. */
  public long missingCount() {
    return splits.stream().mapToLong(split -> split.missing().size()).sum();
  }

  /** A list that does not change; a long one is not copied into memory for that. */
  private static <T> List<T> kept(List<T> list) {
    return list instanceof SpooledList ? list : List.copyOf(list);
  }
}
