package simsiam.pipelines.shard;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.function.Consumer;
import simsiam.model.data.PreparedFile;
import simsiam.model.data.PreparedKey;
import simsiam.pipelines.preprocess.PreparedSummary.Part;
import simsiam.pipelines.remote.Places;
import simsiam.pipelines.source.SourceSplit;

/**
 * Reads the keys of runs and decides their split.
 *
 * @param input folder of the examples
 * @param testFraction share of the examples without a split that goes to test
 */
record RunKeys(String input, String salt, double testFraction) implements Serializable {
  /** All keys of a run, in row order. */
  void forEach(RunTask run, Consumer<KeyRow> action) {
    int row = 0;
    for (Part part : run.parts()) {
      try (PreparedFile.Keys keys = new PreparedFile.Keys(file(part))) {
        for (PreparedKey key : keys) {
          action.accept(new KeyRow(run.index(), row++, inTest(part.split(), key.id()), key));
        }
      }
    }
  }

  /** Where a file of examples is. */
  Path file(Part part) {
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
