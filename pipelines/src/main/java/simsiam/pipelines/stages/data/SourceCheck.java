package simsiam.pipelines.stages.data;

import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import simsiam.model.config.InvalidConfigException;
import simsiam.model.config.Violation;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.source.ImageSource;
import simsiam.pipelines.source.listing.SourceImage;
import simsiam.pipelines.source.listing.SourceListing;
import simsiam.pipelines.source.listing.SourceSplit;
import simsiam.pipelines.source.sets.DatasetDownload;

/** What can be known of a run from what its source holds, before any work. */
public final class SourceCheck {
  private static final String PATH = "dataset.path";
  private static final int EXAMPLES = 3;

  /** All stages of a plan ask with the same configuration: it is listed once for them. */
  private static final AtomicReference<Known> LAST = new AtomicReference<>();

  /**
   * A source that was listed.
   *
   * @param source with its list, for whoever reads it next; empty when it was taken
   */
  private record Known(
      WeakReference<RunConfig> config,
      Optional<SourceListing> listing,
      AtomicReference<ImageSource> source) {
    Known(RunConfig config, Optional<SourceListing> listing, ImageSource source) {
      this(new WeakReference<>(config), listing, new AtomicReference<>(source));
    }
  }

  private SourceCheck() {}

  /** What the source holds; empty where it cannot be told, which preprocess says if it is asked. */
  public static Optional<SourceListing> listing(RunConfig config) {
    Optional<Known> known = known(config);
    if (known.isPresent()) {
      return known.get().listing();
    }
    if (!DatasetDownload.needed(config.dataset(), PreprocessStage.datasets(config))) {
      try {
        return Optional.of(listAnew(config));
      } catch (InvalidConfigException | UncheckedIOException e) {
        LAST.set(new Known(config, Optional.empty(), null));
      }
    }
    return Optional.empty();
  }

  @SuppressWarnings("ReferenceEquality") // an equal configuration may meet other files later
  private static Optional<Known> known(RunConfig config) {
    return Optional.ofNullable(LAST.get()).filter(known -> known.config().get() == config);
  }

  /**
   * Checks and lists the source as it is now, which all others then ask for.
   *
   * @throws InvalidConfigException if it is not what it should be
   */
  static SourceListing listAnew(RunConfig config) {
    ImageSource source = PreprocessStage.source(config);
    source.check();
    SourceListing listing = source.listing();
    LAST.set(new Known(config, Optional.of(listing), source));
    return listing;
  }

  /** The source that was listed just now, once: it need not be listed again to be read. */
  static Optional<ImageSource> listed(RunConfig config) {
    return known(config).map(known -> known.source().getAndSet(null));
  }

  /** Of images that are named but not there, more than may be rejected. */
  static List<Violation> missing(RunConfig config, SourceListing listing) {
    long missing = listing.missingCount();
    long there =
        listing.splits().stream().mapToLong(split -> split.images().orElse(Long.MAX_VALUE)).sum();
    double allowed = config.preprocess().maxRejectFraction();
    if (missing == 0 || (there > 0 && missing <= allowed * (there + missing))) {
      return List.of();
    }
    return List.of(
        new Violation(
            PATH,
            "%s of %s: %s"
                .formatted(
                    missing,
                    there + missing,
                    listing
                        .missing()
                        .limit(EXAMPLES)
                        .map(SourceImage.Unreadable::message)
                        .collect(Collectors.joining("; "))),
            String.format(
                Locale.ROOT,
                "at most %s %% of the images not there (preprocess.max_reject_fraction)",
                100 * allowed)));
  }

  /** Encoding and evaluation need a test split: training would end before that is found out. */
  public static List<Violation> noTestSplit(RunConfig config) {
    return listing(config)
        .filter(listing -> !listing.has(SourceSplit.TEST))
        .map(listing -> noTestSplit(config, listing))
        .orElse(List.of());
  }

  private static List<Violation> noTestSplit(RunConfig config, SourceListing listing) {
    if (listing.has(SourceSplit.TRAIN)) {
      return List.of(
          new Violation(
              PATH,
              config.dataset().path(),
              "images to test on beside %s, or no split named at all, so that shard.validation_fraction holds some out"
                  .formatted(listing.splits().get(0).from())));
    }
    return config.shard().validationFraction() > 0
        ? List.of()
        : List.of(
            new Violation(
                "shard.validation_fraction",
                "0",
                "more than 0, such as 0.1, as the images have no test split of their own"
                    + " (for class folders: train/ and val/)"));
  }

  /** Evaluation needs labels on both sides, and classes to be told apart. */
  public static List<Violation> labels(RunConfig config) {
    return listing(config)
        .filter(listing -> !listing.classNames().isEmpty())
        .map(listing -> labels(config, listing))
        .orElse(List.of());
  }

  private static List<Violation> labels(RunConfig config, SourceListing listing) {
    List<String> classes = used(listing);
    if (classes.size() < 2) {
      return List.of(
          new Violation(
              PATH,
              "%s alone (%s)".formatted(String.join(", ", classes), config.dataset().path()),
              "images of at least two classes, or none that has a label (one class cannot be told from another)"));
    }
    return listing.splits().stream()
        .filter(SourceListing.Split::withoutLabels)
        .map(
            split ->
                new Violation(
                    PATH,
                    "none for %s (%s)".formatted(split.from(), config.dataset().path()),
                    "labels for some images of each split, or for none at all"))
        .toList();
  }

  /** The classes that have images, as far as that is known. */
  private static List<String> used(SourceListing listing) {
    List<String> names = listing.classNames();
    boolean counted = listing.splits().stream().noneMatch(s -> s.classCounts().isEmpty());
    if (!counted) {
      return names;
    }
    return names.stream()
        .filter(
            name ->
                listing.splits().stream()
                    .anyMatch(split -> split.classCounts().get(names.indexOf(name)) > 0))
        .toList();
  }
}
