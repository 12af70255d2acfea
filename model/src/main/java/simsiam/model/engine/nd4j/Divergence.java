package simsiam.model.engine.nd4j;

/**
 * D(p, z) of one pair of rows of length {@code d}, times {@code weight}, with its gradients.
 *
 * @param toP receives the gradient with respect to p
 * @param toZ receives the gradient with respect to z, as if it were not held constant
 */
@SuppressWarnings("ArrayRecordComponent") // a bundle of outputs
record Divergence(int d, double weight, float[] toP, float[] toZ) {
  /** Keeps a zero vector from dividing by zero. */
  static final double EPSILON = 1e-8;

  /** {@code -(p/|p|)·(z/|z|)} (paper §3, equation 1). */
  double negativeCosine(float[] p, float[] z) {
    double pp = 0;
    double zz = 0;
    double pz = 0;
    for (int i = 0; i < d; i++) {
      pp += (double) p[i] * p[i];
      zz += (double) z[i] * z[i];
      pz += (double) p[i] * z[i];
    }
    double pNorm = Math.max(Math.sqrt(pp), EPSILON);
    double zNorm = Math.max(Math.sqrt(zz), EPSILON);
    double cosine = pz / (pNorm * zNorm);
    for (int i = 0; i < d; i++) {
      double pUnit = p[i] / pNorm;
      double zUnit = z[i] / zNorm;
      toP[i] = (float) (-weight * (zUnit - cosine * pUnit) / pNorm);
      toZ[i] = (float) (-weight * (pUnit - cosine * zUnit) / zNorm);
    }
    return -weight * cosine;
  }

  /** {@code -softmax(z)·log softmax(p)} (paper §4.5). */
  double crossEntropy(float[] p, float[] z) {
    double pLog = logSumExp(p);
    double zLog = logSumExp(z);
    double entropy = 0;
    for (int i = 0; i < d; i++) {
      entropy -= Math.exp(z[i] - zLog) * (p[i] - pLog);
    }
    for (int i = 0; i < d; i++) {
      double target = Math.exp(z[i] - zLog);
      toP[i] = (float) (weight * (Math.exp(p[i] - pLog) - target));
      toZ[i] = (float) (weight * target * (pLog - p[i] - entropy));
    }
    return weight * entropy;
  }

  private double logSumExp(float[] values) {
    double max = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < d; i++) {
      max = Math.max(max, values[i]);
    }
    double sum = 0;
    for (int i = 0; i < d; i++) {
      sum += Math.exp(values[i] - max);
    }
    return max + Math.log(sum);
  }
}
