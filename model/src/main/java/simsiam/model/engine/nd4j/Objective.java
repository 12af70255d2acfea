package simsiam.model.engine.nd4j;

import java.util.Arrays;
import simsiam.model.engine.StepMetrics;
import simsiam.model.net.ObjectiveSpec;
import simsiam.model.net.Similarity;

/**
 * The loss over rows of z and p, [V·N, d], with its gradients (paper §3, Algorithm 1). Row i of
 * view v is compared with row i of its partner view.
 */
final class Objective {
  private final ObjectiveSpec spec;
  private final FeatureMap z;
  private final FeatureMap p;
  private final FeatureMap zGradient;
  private final FeatureMap pGradient;
  private final Workers workers;
  private final int batch;
  private final double[] losses;
  private StepMetrics metrics = new StepMetrics(0, 0);

  /**
   * Binds the loss.
   *
   * @param zGradient receives the gradient through z as a target; null with stop-gradient
   * @param pGradient receives the gradient of p
   */
  Objective(
      ObjectiveSpec spec,
      FeatureMap z,
      FeatureMap p,
      FeatureMap zGradient,
      FeatureMap pGradient,
      Workers workers) {
    this.spec = spec;
    this.z = z;
    this.p = p;
    this.zGradient = zGradient;
    this.pGradient = pGradient;
    this.workers = workers;
    batch = z.shape().batch() / spec.symmetry().views();
    losses = new double[z.shape().batch()];
  }

  StepMetrics metrics() {
    return metrics;
  }

  void run() {
    workers.run(losses.length, this::row);
    double std = OutputStd.of(z, spec.symmetry().views());
    metrics = new StepMetrics(Arrays.stream(losses).sum(), std);
  }

  /** Share of the loss of the pair whose prediction is in this view; 0 where there is none. */
  private double share(int view) {
    return switch (spec.symmetry()) {
      case SYMMETRIC -> 0.5;
      case ASYMMETRIC -> view == 0 ? 1 : 0;
      case ASYMMETRIC_2X -> view % 2 == 0 ? 0.5 : 0;
    };
  }

  /** One prediction, and the target it is compared with. */
  private void row(int row, Scratch scratch) {
    int d = z.shape().channels();
    int target = (row / batch ^ 1) * batch + row % batch;
    float[] predicted = scratch.floats(0, d);
    float[] compared = scratch.floats(1, d);
    float[] toPredicted = scratch.floats(2, d);
    float[] toCompared = scratch.floats(3, d);
    double share = share(row / batch) / batch;
    losses[row] = 0;
    Arrays.fill(toPredicted, 0, d, 0f);
    Arrays.fill(toCompared, 0, d, 0f);
    if (share > 0) {
      p.values().get(row * d, predicted, 0, d);
      z.values().get(target * d, compared, 0, d);
      Divergence divergence = new Divergence(d, share, toPredicted, toCompared);
      losses[row] =
          spec.similarity() == Similarity.COSINE
              ? divergence.negativeCosine(predicted, compared)
              : divergence.crossEntropy(predicted, compared);
    }
    pGradient.values().put(row * d, toPredicted, 0, d);
    if (zGradient != null) {
      zGradient.values().put(target * d, toCompared, 0, d);
    }
  }
}
