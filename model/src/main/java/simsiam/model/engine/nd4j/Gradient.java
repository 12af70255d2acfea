package simsiam.model.engine.nd4j;

/**
 * A gradient on its way back: the sum of two maps of one shape, or one map if {@code second} is
 * null. Leaving the sum to the reader saves a pass over memory at every shortcut.
 */
record Gradient(FeatureMap first, FeatureMap second) {
  static Gradient of(FeatureMap map) {
    return new Gradient(map, null);
  }
}
