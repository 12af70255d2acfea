package simsiam.pipelines.shard.keys;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.function.Consumer;
import simsiam.model.data.prepared.PreparedFile;
import simsiam.model.data.prepared.PreparedKey;
import simsiam.model.file.Sha256;
import simsiam.pipelines.preprocess.PreparedSummary.Part;
import simsiam.pipelines.remote.Places;
import simsiam.pipelines.source.listing.SourceSplit;

/**
 * Reads the keys of runs and decides their split.
 *
 * @param input folder of the examples
 * @param testFraction share of the examples without a split that goes to test
 */
public record RunKeys(String input, String salt, double testFraction) implements Serializable {
  /** All keys of a run, in row order. */
  public void forEach(RunTask run, Consumer<KeyRow> action) {
    int row = 0;
    for (Part part : run.parts()) {
      try (PreparedFile.Keys keys = new PreparedFile.Keys(file(part))) {
        for (PreparedKey key : keys) {
          action.accept(new KeyRow(run.index(), row++, inTest(part.split(), key.id()), key));
        }
      }
    }
  }

  /**
   * Refuses examples that are not what preprocess wrote: a change that keeps a file's size shows
   * nowhere else.
   */
  public void verify(Part part) {
    Path file = file(part);
    String sha256 = Sha256.of(file);
    if (!sha256.equals(part.sha256())) {
      throw new IllegalStateException(
          "Cannot read examples %s: expected SHA-256 %s, got %s (%s); make them again with --force=preprocess"
              .formatted(part.file(), part.sha256(), sha256, file));
    }
  }

  /** Where a file of examples is. */
  public Path file(Part part) {
    return Places.path(input).resolve(part.file());
  }

  private boolean inTest(SourceSplit split, String id) {
    return switch (split) {
      case TRAIN -> false;
      case TEST -> true;
      case UNSPLIT -> OrderKey.inTest(salt, id, testFraction);
    };
  }
}
