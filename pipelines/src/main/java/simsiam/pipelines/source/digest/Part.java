package simsiam.pipelines.source.digest;

import java.util.Iterator;
import java.util.List;

/** Part of a file whose digest is made of what is found in its pieces. */
public interface Part {
  /** The pieces, in the same order whenever they are asked for. */
  Iterator<? extends Piece> pieces();

  /**
   * The digest.
   *
   * @param found in all pieces, in their order
   */
  String joined(List<String> found);
}
