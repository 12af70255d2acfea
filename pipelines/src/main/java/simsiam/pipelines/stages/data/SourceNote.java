package simsiam.pipelines.stages.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.preprocess.SkippedFiles;
import simsiam.pipelines.source.listing.SourceImage;
import simsiam.pipelines.source.listing.SourceListing;
import simsiam.pipelines.source.listing.SourceSplit;

/** The source of a run as {@code plan} shows it: splits, classes, counts, what is left aside. */
public record SourceNote(SourceListing listing, double validationFraction, boolean multiLabel) {
  private static final int NAMED = 10;

  /** The note, where the source is there. */
  public static Optional<SourceNote> of(RunConfig config) {
    return SourceCheck.listing(config)
        .map(
            listing ->
                new SourceNote(
                    listing, config.shard().validationFraction(), config.dataset().multiLabel()));
  }

  /** Rows of a name and a text. */
  public List<List<String>> rows() {
    List<List<String>> rows = new ArrayList<>();
    List<String> names = listing.classNames();
    rows.add(
        List.of(
            "classes",
            names.isEmpty()
                ? "none: no labels"
                : names.size() + listed(names) + (multiLabel ? ", any number an image" : "")));
    for (SourceListing.Split split : listing.splits()) {
      rows.add(List.of(name(split), text(split)));
    }
    listing
        .missing()
        .findFirst()
        .ifPresent(
            first ->
                rows.add(
                    List.of(
                        "not there",
                        "%s images, each a reject: %s, ..."
                            .formatted(listing.missingCount(), first.message()))));
    if (!listing.skipped().isEmpty()) {
      rows.add(List.of("skipped", SkippedFiles.of(listing).toString()));
    }
    return rows;
  }

  private static String listed(List<String> names) {
    return names.stream().limit(NAMED).collect(Collectors.joining(", ", " (", ""))
        + (names.size() > NAMED ? ", ...)" : ")");
  }

  private static String name(SourceListing.Split split) {
    return split.split() == SourceSplit.UNSPLIT
        ? "no split"
        : split.split().name().toLowerCase(Locale.ROOT);
  }

  private String text(SourceListing.Split split) {
    StringBuilder text = new StringBuilder(split.from()).append(": ").append(count(split.images()));
    List<Long> counts = split.classCounts();
    if (!counts.isEmpty()) {
      text.append(
          listed(
              IntStream.range(0, counts.size())
                  .mapToObj(label -> listing.classNames().get(label) + " " + counts.get(label))
                  .toList()));
    }
    if (split.unlabelled().orElse(0) > 0 && !listing.classNames().isEmpty()) {
      text.append(", of which %s without a label".formatted(split.unlabelled().getAsLong()));
    }
    if (split.split() == SourceSplit.UNSPLIT) {
      text.append(
          String.format(
              Locale.ROOT,
              "; no split of its own, about %.1f %% held out to test on"
                  + " (shard.validation_fraction)",
              100 * validationFraction));
    }
    return text.toString();
  }

  private static String count(OptionalLong images) {
    return images.isPresent()
        ? String.format(Locale.ROOT, "%,d images", images.getAsLong())
        : "images, how many is not known before it is unpacked";
  }

  /** The same in plain values; what is not known is left out. */
  public Map<String, Object> values() {
    List<Map<String, Object>> splits = new ArrayList<>();
    for (SourceListing.Split split : listing.splits()) {
      Map<String, Object> values = new LinkedHashMap<>();
      values.put("split", split.split().name().toLowerCase(Locale.ROOT));
      values.put("from", split.from());
      split.images().ifPresent(images -> values.put("images", images));
      if (!split.classCounts().isEmpty()) {
        values.put("class_counts", split.classCounts());
      }
      split.unlabelled().ifPresent(images -> values.put("unlabelled", images));
      values.put("missing", split.missing().stream().map(SourceImage.Unreadable::id).toList());
      splits.add(values);
    }
    return Map.of("classes", listing.classNames(), "splits", splits, "skipped", listing.skipped());
  }
}
