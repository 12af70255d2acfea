package simsiam.model.engine.nd4j.host;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import simsiam.model.engine.StepMetrics;
import simsiam.model.engine.nd4j.kernels.FeatureMap;
import simsiam.model.engine.nd4j.kernels.Kernels;
import simsiam.model.engine.nd4j.kernels.Operation;
import simsiam.model.engine.nd4j.kernels.Operation.Kind;
import simsiam.model.net.Method;
import simsiam.model.net.Method.Target;
import simsiam.model.net.Method.Term;

/**
 * A loss that compares row with row, over outputs [V·N, d], with its gradients: row i of a
 * prediction's view with row i of its target's.
 */
final class RowObjective implements Kernels.Objective {
  private static final int PREDICTION = 0;
  private static final int TARGET = 1;
  private static final int TO_PREDICTION = 2;
  private static final int TO_TARGET = 3;
  private static final int SUM = 4;

  private final Method method;
  private final List<Term> terms;
  private final Map<String, FeatureMap> outputs;
  private final Map<String, FeatureMap> gradients;
  private final Workers workers;
  private final int batch;
  private final int d;
  private final double[] losses; // by the prediction's row
  private StepMetrics metrics = new StepMetrics(0, 0);

  RowObjective(
      Method method,
      Map<String, FeatureMap> outputs,
      Map<String, FeatureMap> gradients,
      Workers workers) {
    this.method = method;
    terms = method.terms();
    this.outputs = Map.copyOf(outputs);
    this.gradients = Map.copyOf(gradients);
    this.workers = workers;
    FeatureMap watched = outputs.get(method.watched());
    batch = watched.shape().batch() / method.views();
    d = watched.shape().channels();
    losses = new double[watched.shape().batch()];
  }

  @Override
  public Operation operation() {
    return new Operation(Kind.LOSS, this::run);
  }

  @Override
  public StepMetrics metrics() {
    return metrics;
  }

  private void run() {
    Arrays.fill(losses, 0);
    workers.run(batch, this::image);
    double std = OutputStd.of(outputs.get(method.watched()), method.views());
    metrics = new StepMetrics(Arrays.stream(losses).sum(), std);
  }

  /** All terms of one image: nobody else writes to its rows. */
  private void image(int image, Scratch scratch) {
    float[] sum = scratch.floats(SUM, d);
    Arrays.fill(sum, 0, d, 0f);
    for (FeatureMap gradient : gradients.values()) {
      for (int view = 0; view < method.views(); view++) {
        gradient.values().put((view * batch + image) * d, sum, 0, d);
      }
    }
    for (Term term : terms) {
      term(term, image, scratch);
    }
  }

  private void term(Term term, int image, Scratch scratch) {
    float[] prediction = scratch.floats(PREDICTION, d);
    float[] target = scratch.floats(TARGET, d);
    float[] toPrediction = scratch.floats(TO_PREDICTION, d);
    float[] toTarget = scratch.floats(TO_TARGET, d);
    outputs
        .get(term.prediction().node())
        .values()
        .get(at(term.prediction(), image), prediction, 0, d);
    outputs.get(term.target().name()).values().get(at(term.target(), image), target, 0, d);
    Divergence divergence =
        new Divergence(d, term.weight() / batch, prediction, target, toPrediction, toTarget);
    losses[term.prediction().view() * batch + image] += method.loss().accept(divergence);
    add(term.prediction(), image, toPrediction, scratch);
    if (!term.stopGradient()) {
      add(term.target(), image, toTarget, scratch);
    }
  }

  private void add(Target output, int image, float[] added, Scratch scratch) {
    FeatureMap gradient = gradients.get(output.name());
    float[] sum = scratch.floats(SUM, d);
    gradient.values().get(at(output, image), sum, 0, d);
    Loops.add(sum, added, d);
    gradient.values().put(at(output, image), sum, 0, d);
  }

  /** Index of an image's row. */
  private int at(Target output, int image) {
    return (output.block() * batch + image) * d;
  }
}
