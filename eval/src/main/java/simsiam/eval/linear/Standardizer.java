package simsiam.eval.linear;

import simsiam.eval.features.FeatureSet;

/** Shifts and scales every channel by the mean and the deviation of the train split. */
final class Standardizer {
  private final double[] mean;
  private final double[] scale;

  Standardizer(FeatureSet train) {
    int dim = train.dim();
    int n = train.size();
    mean = new double[dim];
    scale = new double[dim];
    for (int i = 0; i < n * dim; i++) {
      mean[i % dim] += train.features()[i] / (double) n;
    }
    for (int i = 0; i < n * dim; i++) {
      double centred = train.features()[i] - mean[i % dim];
      scale[i % dim] += centred * centred / n;
    }
    for (int j = 0; j < dim; j++) {
      // A constant channel carries nothing; it is centred and left at that.
      scale[j] = scale[j] > 0 ? 1 / Math.sqrt(scale[j]) : 1;
    }
  }

  FeatureSet apply(FeatureSet set) {
    float[] scaled = new float[set.features().length];
    for (int i = 0; i < scaled.length; i++) {
      int j = i % set.dim();
      scaled[i] = (float) ((set.features()[i] - mean[j]) * scale[j]);
    }
    return new FeatureSet(set.dim(), scaled, set.labels(), set.ids(), set.classNames());
  }
}
