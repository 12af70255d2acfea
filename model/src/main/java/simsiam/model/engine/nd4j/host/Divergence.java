package simsiam.model.engine.nd4j.host;

import simsiam.model.net.Loss;
import simsiam.model.net.Loss.CrossEntropy;
import simsiam.model.net.Loss.CrossEntropySimilarity;
import simsiam.model.net.Loss.NegativeCosine;

/**
 * The distance of one pair of rows of length {@code d}, times {@code weight}, with its gradients.
 *
 * @param toP receives the gradient with respect to p
 * @param toZ receives the gradient with respect to z, as if it were not held constant
 */
@SuppressWarnings("ArrayRecordComponent") // a bundle of inputs and outputs
record Divergence(int d, double weight, float[] p, float[] z, float[] toP, float[] toZ)
    implements Loss.Visitor<Double> {
  @Override
  public Double negativeCosine(NegativeCosine loss) {
    double pp = 0;
    double zz = 0;
    double pz = 0;
    for (int i = 0; i < d; i++) {
      pp += (double) p[i] * p[i];
      zz += (double) z[i] * z[i];
      pz += (double) p[i] * z[i];
    }
    double pNorm = Math.max(Math.sqrt(pp), NegativeCosine.EPSILON);
    double zNorm = Math.max(Math.sqrt(zz), NegativeCosine.EPSILON);
    double cosine = pz / (pNorm * zNorm);
    for (int i = 0; i < d; i++) {
      double pUnit = p[i] / pNorm;
      double zUnit = z[i] / zNorm;
      toP[i] = (float) (-weight * (zUnit - cosine * pUnit) / pNorm);
      toZ[i] = (float) (-weight * (pUnit - cosine * zUnit) / zNorm);
    }
    return -weight * cosine;
  }

  @Override
  public Double crossEntropySimilarity(CrossEntropySimilarity loss) {
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

  @Override
  public Double crossEntropy(CrossEntropy loss) {
    double pLog = logSumExp(p);
    double total = 0;
    double entropy = 0;
    for (int i = 0; i < d; i++) {
      total += z[i];
      entropy -= z[i] * (p[i] - pLog);
    }
    for (int i = 0; i < d; i++) {
      toP[i] = (float) (weight * (total * Math.exp(p[i] - pLog) - z[i]));
      toZ[i] = (float) (weight * (pLog - p[i]));
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
