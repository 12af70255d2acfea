package simsiam.pipelines.digest;

import java.io.Serializable;
import java.util.List;

/** What became of a piece that a worker was to hash. */
sealed interface Outcome extends Serializable {
  /** As in {@link simsiam.pipelines.source.digest.Piece#digests}. */
  record Digests(List<String> digests) implements Outcome {}

  /** The file is not, or did not stay, what the launching machine has seen. */
  record Changed(String worker) implements Outcome {}

  /**
   * The file is not there for the worker.
   *
   * @param found instead, for messages
   */
  record Absent(String worker, String found) implements Outcome {}
}
