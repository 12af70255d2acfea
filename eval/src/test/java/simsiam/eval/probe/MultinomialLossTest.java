package simsiam.eval.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import simsiam.eval.JavaLinearAlgebra;
import simsiam.eval.features.FeatureSet;
import simsiam.eval.features.SyntheticFeatures;
import simsiam.eval.probe.MultinomialLoss.Value;

class MultinomialLossTest {
  private static final int DIM = 6;
  private static final int CLASSES = 4;

  /** More than a slice of rows, and a held-out part that begins within a tile. */
  private static final FeatureSet TRAIN = SyntheticFeatures.clouds(5000, DIM, CLASSES, 1.5, 3);

  private final TrainingRows rows = TrainingRows.of(TRAIN, 0.25);

  private double[] point(MultinomialLoss loss, long seed) {
    return new Random(seed).doubles(loss.parameters(), -0.5, 0.5).toArray();
  }

  @Test
  void theGradientIsThatOfTheLoss() {
    try (MultinomialLoss loss = new MultinomialLoss(new JavaLinearAlgebra(), rows)) {
      double[] point = point(loss, 1);
      double[] gradient = new double[point.length];
      loss.evaluate(List.of(point), List.of(gradient), 0, rows.fitted());
      for (int i = 0; i < point.length; i++) {
        double step = 1e-2;
        double[] up = point.clone();
        up[i] += step;
        double[] down = point.clone();
        down[i] -= step;
        List<Value> values = loss.evaluate(List.of(up, down), List.of(), 0, rows.fitted());
        double slope = values.get(0).crossEntropy() - values.get(1).crossEntropy();
        assertThat(gradient[i]).isCloseTo(slope / (2 * step), within(2e-4));
      }
    }
  }

  /** Against the formulas, in double precision, row by row; of two layers in one pass. */
  @Test
  void valuesAreThoseOfTheFormulas() {
    try (MultinomialLoss loss = new MultinomialLoss(new JavaLinearAlgebra(), rows)) {
      List<double[]> points = List.of(point(loss, 1), point(loss, 2));
      for (int[] range : new int[][] {{0, rows.fitted()}, {rows.fitted(), rows.size()}}) {
        List<Value> values = loss.evaluate(points, List.of(), range[0], range[1]);
        for (int a = 0; a < 2; a++) {
          Value expected = expected(points.get(a), range[0], range[1]);
          Value found = values.get(a);
          assertThat(found.crossEntropy()).isCloseTo(expected.crossEntropy(), within(1e-6));
          assertThat(found.top1()).isCloseTo(expected.top1(), within(1e-9));
          assertThat(found.variance()).isCloseTo(expected.variance(), within(1e-6));
        }
      }
    }
  }

  private Value expected(double[] point, int from, int to) {
    double loss = 0;
    double variance = 0;
    int correct = 0;
    for (int row = from; row < to; row++) {
      float[] x = rows.features().copy(row, 1);
      double[] p = new double[CLASSES];
      double sum = 0;
      int best = 0;
      for (int k = 0; k < CLASSES; k++) {
        double logit = point[CLASSES * DIM + k];
        for (int j = 0; j < DIM; j++) {
          logit += point[k * DIM + j] * x[j];
        }
        p[k] = Math.exp(logit);
        sum += p[k];
        best = p[k] > p[best] ? k : best;
      }
      int label = rows.labels()[row];
      loss -= Math.log(p[label] / sum);
      correct += best == label ? 1 : 0;
      for (int k = 0; k < CLASSES; k++) {
        variance += p[k] / sum * (1 - p[k] / sum);
      }
    }
    double n = to - from;
    return new Value(loss / n, 100 * correct / n, variance / n / CLASSES);
  }
}
