package simsiam.eval.features;

import java.util.ArrayList;
import simsiam.model.engine.TrainingNet;

/** Networks of these tests for those of other packages. */
public final class Encoders {
  /** Channels of {@link #firstPixels}. */
  public static final int DIM = 32;

  private Encoders() {}

  /** An encoder whose feature is the image's first value, repeated. */
  public static TrainingNet firstPixels() {
    return new FirstPixels(new ArrayList<>());
  }
}
