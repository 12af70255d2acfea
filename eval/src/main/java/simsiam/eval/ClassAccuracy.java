package simsiam.eval;

import java.util.OptionalDouble;

/**
 * How one class fared.
 *
 * @param images of the class that were scored
 * @param correct of these, those whose first guess was right
 */
public record ClassAccuracy(String name, int images, int correct) {
  /** Top-1 accuracy within the class, in percent; empty for a class without images. */
  public OptionalDouble percent() {
    return images == 0 ? OptionalDouble.empty() : OptionalDouble.of(100.0 * correct / images);
  }
}
