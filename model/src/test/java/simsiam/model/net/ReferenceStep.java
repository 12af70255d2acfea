package simsiam.model.net;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import simsiam.model.net.Loss.CrossEntropy;
import simsiam.model.net.Loss.CrossEntropySimilarity;
import simsiam.model.net.Loss.NegativeCosine;

/**
 * The loss of a method in plain double loops, one view after the other as the paper writes it, by
 * {@link ReferenceNetwork}. Gradients come from central differences.
 */
public final class ReferenceStep {
  private final Method method;
  private final Map<String, double[]> weights = new TreeMap<>();
  private final List<double[][][][]> views = new ArrayList<>(); // [N][3][S][S] each

  private final List<double[][]> given = new ArrayList<>(); // [N][d] each

  /** What each node made of each view when targets were frozen; null where they are live. */
  private List<Map<String, double[][][][]>> frozen;

  public ReferenceStep(
      NetworkSpec spec, SortedMap<String, Tensor> tensors, float[] nhwc, int n, int s) {
    this(Method.of(spec), tensors, nhwc, n, s);
  }

  public ReferenceStep(
      Method method, SortedMap<String, Tensor> tensors, float[] nhwc, int n, int s) {
    this.method = method;
    tensors.forEach((name, tensor) -> weights.put(name, widen(tensor.data())));
    for (int view = 0; view < method.views(); view++) {
      views.add(maps(nhwc, view * n, n, s));
    }
  }

  private static double[] widen(float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }

  /** Images {@code first} to {@code first + n - 1} of pixels [.., S, S, 3] as [N][3][S][S]. */
  private static double[][][][] maps(float[] nhwc, int first, int n, int s) {
    double[][][][] maps = new double[n][3][s][s];
    for (int i = 0; i < n * s * s * 3; i++) {
      int pixel = i / 3;
      maps[pixel / (s * s)][i % 3][pixel / s % s][pixel % s] = nhwc[first * s * s * 3 + i];
    }
    return maps;
  }

  /**
   * Gives the steps their targets.
   *
   * @param rows [G·N, d], block after block
   */
  public void give(float[] rows) {
    int n = views.get(0).length;
    int d = rows.length / (method.given() * n);
    for (int block = 0; block < method.given(); block++) {
      double[][] target = new double[n][d];
      for (int i = 0; i < n * d; i++) {
        target[i / d][i % d] = rows[block * n * d + i];
      }
      given.add(target);
    }
  }

  /** Holds the targets at their present value, as stop-gradient does for the derivative. */
  public void freezeTargets() {
    frozen = forward();
  }

  private List<Map<String, double[][][][]>> forward() {
    ReferenceNetwork network = new ReferenceNetwork(method.network(), weights, true);
    return views.stream().map(network::forward).toList();
  }

  public double loss() {
    List<Map<String, double[][][][]>> live = forward();
    double loss = 0;
    for (Method.Term term : method.terms()) {
      double[][] p = rows(live, term.prediction());
      double[][] z =
          term.target() instanceof Method.Output output
              ? rows(frozen == null ? live : frozen, output)
              : given.get(term.target().block());
      double sum = 0;
      for (int i = 0; i < p.length; i++) {
        sum += method.loss().accept(new Distance(p[i], z[i]));
      }
      loss += term.weight() * sum / p.length;
    }
    return loss;
  }

  private static double[][] rows(List<Map<String, double[][][][]>> made, Method.Output output) {
    return ReferenceNetwork.rows(made.get(output.view()).get(output.node()));
  }

  /** What every node of the encoder makes of a view in eval mode, by name. */
  public Map<String, double[][][][]> evaluate(int view) {
    return new HashMap<>(
        new ReferenceNetwork(method.encoder(), weights, false).forward(views.get(view)));
  }

  /** Pooled features of a view in eval mode. */
  public double[][] features(int view) {
    return ReferenceNetwork.rows(evaluate(view).get(method.encoder().output()));
  }

  /** Derivative of the loss by one weight. */
  public double derivative(String name, int index, double h) {
    double[] values = weights.get(name);
    double kept = values[index];
    values[index] = kept + h;
    double above = loss();
    values[index] = kept - h;
    double below = loss();
    values[index] = kept;
    return (above - below) / (2 * h);
  }

  /** What a node of the whole network makes of a view in training mode. */
  public double[][] output(Method.Output output) {
    return rows(forward(), output);
  }

  /** What the whole network makes of a view in eval mode. */
  public double[][] predictions(int view) {
    Network network = method.network();
    return ReferenceNetwork.rows(
        new ReferenceNetwork(network, weights, false)
            .forward(views.get(view))
            .get(network.output()));
  }

  @SuppressWarnings("ArrayRecordComponent") // a pair of rows
  private record Distance(double[] p, double[] z) implements Loss.Visitor<Double> {
    @Override
    public Double negativeCosine(NegativeCosine loss) {
      return -dot(p, z) / Math.sqrt(dot(p, p) * dot(z, z));
    }

    private static double dot(double[] a, double[] b) {
      double sum = 0;
      for (int i = 0; i < a.length; i++) {
        sum += a[i] * b[i];
      }
      return sum;
    }

    @Override
    public Double crossEntropySimilarity(CrossEntropySimilarity loss) {
      double pSum = 0;
      double zSum = 0;
      for (int i = 0; i < p.length; i++) {
        pSum += Math.exp(p[i]);
        zSum += Math.exp(z[i]);
      }
      double sum = 0;
      for (int i = 0; i < p.length; i++) {
        sum -= Math.exp(z[i]) / zSum * Math.log(Math.exp(p[i]) / pSum);
      }
      return sum;
    }

    @Override
    public Double crossEntropy(CrossEntropy loss) {
      double pSum = 0;
      for (double logit : p) {
        pSum += Math.exp(logit);
      }
      double sum = 0;
      for (int i = 0; i < p.length; i++) {
        sum -= z[i] * (p[i] - Math.log(pSum));
      }
      return sum;
    }
  }
}
