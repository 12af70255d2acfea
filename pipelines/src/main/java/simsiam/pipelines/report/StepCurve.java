package simsiam.pipelines.report;

import java.util.List;
import java.util.function.ToDoubleFunction;
import simsiam.model.train.StepLog;

/** The steps of a run as a curve over epochs, thinned by averaging to what a plot can show. */
final class StepCurve {
  private static final int MOST = 1500;

  private final double[] x;
  private final double[] y;

  StepCurve(Training training, ToDoubleFunction<StepLog.Row> value) {
    List<StepLog.Row> steps = training.steps();
    int points = Math.min(MOST, steps.size());
    x = new double[points];
    y = new double[points];
    for (int i = 0; i < points; i++) {
      int from = (int) ((long) i * steps.size() / points);
      int to = (int) ((long) (i + 1) * steps.size() / points);
      for (StepLog.Row row : steps.subList(from, to)) {
        x[i] += training.epochOf(row.step()) / (to - from);
        y[i] += value.applyAsDouble(row) / (to - from);
      }
    }
  }

  boolean isEmpty() {
    return x.length == 0;
  }

  double[] x() {
    return x.clone();
  }

  double[] y() {
    return y.clone();
  }
}
