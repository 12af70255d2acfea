package simsiam.model.engine.nd4j;

import java.util.Arrays;
import simsiam.model.engine.StepMetrics;
import simsiam.model.net.Method;
import simsiam.model.net.Method.Term;

/**
 * The loss over rows of z and p, [V·N, d], with its gradients (paper §3, Algorithm 1). Row i of
 * view v is compared with row i of its partner view.
 */
final class Objective {
  private final Method method;
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
      Method method,
      FeatureMap z,
      FeatureMap p,
      FeatureMap zGradient,
      FeatureMap pGradient,
      Workers workers) {
    this.method = method;
    this.z = z;
    this.p = p;
    this.zGradient = zGradient;
    this.pGradient = pGradient;
    this.workers = workers;
    batch = z.shape().batch() / method.views();
    losses = new double[z.shape().batch()];
  }

  StepMetrics metrics() {
    return metrics;
  }

  void run() {
    workers.run(losses.length, this::row);
    double std = OutputStd.of(z, method.views());
    metrics = new StepMetrics(Arrays.stream(losses).sum(), std);
  }

  /** One prediction, and the target it is compared with. */
  private void row(int row, Scratch scratch) {
    int d = z.shape().channels();
    float[] predicted = scratch.floats(0, d);
    float[] compared = scratch.floats(1, d);
    float[] toPredicted = scratch.floats(2, d);
    float[] toCompared = scratch.floats(3, d);
    losses[row] = 0;
    Arrays.fill(toPredicted, 0, d, 0f);
    int view = row / batch;
    for (Term term : method.terms()) {
      if (term.prediction().view() == view) {
        int target = term.target().view() * batch + row % batch;
        p.values().get(row * d, predicted, 0, d);
        z.values().get(target * d, compared, 0, d);
        Divergence divergence =
            new Divergence(d, term.weight() / batch, predicted, compared, toPredicted, toCompared);
        losses[row] = method.loss().accept(divergence);
        if (zGradient != null) {
          zGradient.values().put(target * d, toCompared, 0, d);
        }
      }
    }
    pGradient.values().put(row * d, toPredicted, 0, d);
  }
}
