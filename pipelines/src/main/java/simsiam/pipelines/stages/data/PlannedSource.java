package simsiam.pipelines.stages.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import simsiam.model.config.InvalidConfigException;
import simsiam.pipelines.remote.Places;
import simsiam.pipelines.source.ImageSource;
import simsiam.pipelines.source.digest.SourceContents;

/**
 * The data set of a plan. What the plan has found is what workers must find, who refuse files that
 * are not what they were; it is looked at again when all is read: a set that changes meanwhile is
 * being written by somebody, and what was read of it may be half of one state and half of another.
 */
public final class PlannedSource {
  private static final Logger log = LoggerFactory.getLogger(PlannedSource.class);

  /** Names of each kind of change in the message; the log has more. */
  private static final int TOLD_NAMES = 5;

  private static final int LOGGED_NAMES = 10_000;

  private final SourceLook look;
  private final String digest;
  private final Optional<SourceContents> planned;

  /**
   * The data set of a stage at work.
   *
   * @param look how it is looked at
   * @param digest that the run was planned for
   * @param planned what was found then, if it is still known; or what another plan has found
   */
  public PlannedSource(SourceLook look, String digest, Optional<SourceContents> planned) {
    this.look = look;
    this.digest = digest;
    this.planned = planned.filter(contents -> contents.digest().equals(digest));
  }

  /**
   * Reads the data set.
   *
   * @throws IllegalStateException naming the files, if it is not or does not stay what was planned
   */
  public <T> T read(BiFunction<ImageSource, SourceContents, T> reading) {
    ImageSource source = look.open();
    SourceContents contents = begin(source);
    T result;
    try {
      result = reading.apply(source, contents);
    } catch (RuntimeException e) {
      Optional<String> changes = changesSince(contents);
      if (changes.isPresent()) {
        throw changed(changes.get(), e);
      }
      throw e;
    }
    Optional<String> changes = changesSince(contents);
    if (changes.isPresent()) {
      throw changed(changes.get(), null);
    }
    return result;
  }

  /** What the plan has found; where that is not known any more, it is looked for again. */
  private SourceContents begin(ImageSource source) {
    if (planned.isPresent()) {
      return planned.get();
    }
    SourceContents found;
    try {
      found = look.contents(source);
    } catch (InvalidConfigException | IOException | UncheckedIOException e) {
      throw changed(e.getMessage(), e);
    }
    if (!found.digest().equals(digest)) {
      throw changed("other content", null);
    }
    return found;
  }

  private Optional<String> changesSince(SourceContents before) {
    Places.refresh(look.place());
    try {
      return changes(before, look.contents(look.open()));
    } catch (InvalidConfigException | IOException | UncheckedIOException e) {
      log.info("The data set is not what it was ({})", look.place(), e);
      return Optional.of(e.getMessage());
    }
  }

  private static Optional<String> changes(SourceContents before, SourceContents found) {
    Optional<String> told = before.changesUntil(found, TOLD_NAMES);
    if (told.isPresent()) {
      log.info(
          "Changes of the data set: {}", before.changesUntil(found, LOGGED_NAMES).orElseThrow());
    }
    return told;
  }

  private IllegalStateException changed(String changes, Throwable cause) {
    return new IllegalStateException(
        ("Cannot use the data set: expected it as it was when the run was planned, got %s (%s);"
                + " nothing of it is kept, and the next run plans anew")
            .formatted(changes, look.place()),
        cause);
  }
}
