package simsiam.model.engine.nd4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import simsiam.model.engine.Tensor;
import simsiam.model.net.BlockSpec;
import simsiam.model.net.ConvSpec;
import simsiam.model.net.HeadLayer;
import simsiam.model.net.NetworkSpec;
import simsiam.model.net.PredictorKind;
import simsiam.model.net.ResNetPlan;
import simsiam.model.net.Similarity;

/**
 * The loss of a SimSiam network in plain double loops, NCHW, one view after the other as the paper
 * writes it: an oracle that shares nothing with the engine. Gradients come from central
 * differences.
 */
public final class ReferenceStep {
  private final NetworkSpec spec;
  final Map<String, double[]> weights = new TreeMap<>();
  private final double[][][][][] views; // [V][N][3][S][S]

  /** Targets held constant by stop-gradient; null where they are live. */
  private double[][][] frozen;

  private boolean eval;

  public ReferenceStep(
      NetworkSpec spec, SortedMap<String, Tensor> tensors, float[] nhwc, int n, int s) {
    this.spec = spec;
    tensors.forEach((name, tensor) -> weights.put(name, widen(tensor.data())));
    views = new double[spec.objective().symmetry().views()][n][3][s][s];
    for (int i = 0; i < views.length * n * s * s * 3; i++) {
      int pixel = i / 3;
      views[pixel / (s * s) / n][pixel / (s * s) % n][i % 3][pixel / s % s][pixel % s] = nhwc[i];
    }
  }

  private static double[] widen(float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }

  /** Holds the targets at their present value, as stop-gradient does for the derivative. */
  void freezeTargets() {
    frozen = targets();
  }

  double[][][] targets() {
    double[][][] z = new double[views.length][][];
    for (int v = 0; v < views.length; v++) {
      z[v] = head(HeadLayer.projector(spec), pooled(backbone(views[v])));
    }
    return z;
  }

  public double loss() {
    double[][][] live = targets();
    double[][][] z = frozen == null ? live : frozen;
    double[][][] p = new double[views.length][][];
    for (int v = 0; v < views.length; v++) {
      p[v] =
          spec.predictor().kind() == PredictorKind.NONE
              ? live[v]
              : head(HeadLayer.predictor(spec), live[v]);
    }
    return switch (spec.objective().symmetry()) {
      case SYMMETRIC -> 0.5 * mean(p[0], z[1]) + 0.5 * mean(p[1], z[0]);
      case ASYMMETRIC -> mean(p[0], z[1]);
      case ASYMMETRIC_2X -> 0.5 * mean(p[0], z[1]) + 0.5 * mean(p[2], z[3]);
    };
  }

  /** Pooled features of a view in eval mode. */
  double[][] features(int view) {
    eval = true;
    double[][] features = pooled(backbone(views[view]));
    eval = false;
    return features;
  }

  /** Derivative of the loss by one weight. */
  double derivative(String name, int index, double h) {
    double[] values = weights.get(name);
    double kept = values[index];
    values[index] = kept + h;
    double above = loss();
    values[index] = kept - h;
    double below = loss();
    values[index] = kept;
    return (above - below) / (2 * h);
  }

  private double mean(double[][] p, double[][] z) {
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      sum +=
          spec.objective().similarity() == Similarity.COSINE
              ? -dot(p[i], z[i]) / Math.sqrt(dot(p[i], p[i]) * dot(z[i], z[i]))
              : crossEntropy(p[i], z[i]);
    }
    return sum / p.length;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double crossEntropy(double[] p, double[] z) {
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

  private double[][][][] backbone(double[][][][] images) {
    ResNetPlan plan = ResNetPlan.of(spec.encoder());
    double[][][][] x = relu(convNorm(plan.stem(), images));
    if (plan.maxPool()) {
      x = maxPool(x);
    }
    for (BlockSpec block : plan.blocks()) {
      double[][][][] y = x;
      int last = block.convolutions().size() - 1;
      for (int i = 0; i <= last; i++) {
        y = convNorm(block.convolutions().get(i), y);
        y = i < last ? relu(y) : y;
      }
      double[][][][] input = x;
      double[][][][] skip = block.downsample().map(conv -> convNorm(conv, input)).orElse(input);
      x = relu(add(y, skip));
    }
    return x;
  }

  private double[][][][] convNorm(ConvSpec conv, double[][][][] x) {
    return norm(conv.norm(), convolve(conv, x));
  }

  private double[][][][] convolve(ConvSpec conv, double[][][][] x) {
    double[] w = weights.get(conv.name() + ".weight");
    int k = conv.kernel();
    int out = (x[0][0].length + 2 * conv.padding() - k) / conv.stride() + 1;
    double[][][][] y = new double[x.length][conv.out()][out][out];
    for (int n = 0; n < x.length; n++) {
      for (int o = 0; o < conv.out(); o++) {
        for (int i = 0; i < conv.in(); i++) {
          for (int ky = 0; ky < k; ky++) {
            for (int kx = 0; kx < k; kx++) {
              double weight = w[((o * conv.in() + i) * k + ky) * k + kx];
              accumulate(y[n][o], x[n][i], weight, ky - conv.padding(), kx - conv.padding(), conv);
            }
          }
        }
      }
    }
    return y;
  }

  private static void accumulate(
      double[][] y, double[][] x, double weight, int dy, int dx, ConvSpec conv) {
    for (int r = 0; r < y.length; r++) {
      int from = r * conv.stride() + dy;
      if (from >= 0 && from < x.length) {
        for (int c = 0; c < y.length; c++) {
          int column = c * conv.stride() + dx;
          if (column >= 0 && column < x.length) {
            y[r][c] += weight * x[from][column];
          }
        }
      }
    }
  }

  /** Batch norm over the images given, or with the running statistics. */
  private double[][][][] norm(String name, double[][][][] x) {
    double[][][][] y = new double[x.length][x[0].length][x[0][0].length][x[0][0].length];
    for (int c = 0; c < x[0].length; c++) {
      List<Double> values = new ArrayList<>();
      for (double[][][] image : x) {
        for (double[] row : image[c]) {
          for (double value : row) {
            values.add(value);
          }
        }
      }
      double mean = values.stream().mapToDouble(v -> v).average().orElseThrow();
      double m = mean;
      double variance = values.stream().mapToDouble(v -> (v - m) * (v - m)).average().orElseThrow();
      if (eval) {
        mean = weights.get(name + ".running_mean")[c];
        variance = weights.get(name + ".running_var")[c];
      }
      double scale = affine(name + ".weight", c, 1) / Math.sqrt(variance + 1e-5);
      double shift = affine(name + ".bias", c, 0);
      for (int n = 0; n < x.length; n++) {
        for (int r = 0; r < x[n][c].length; r++) {
          for (int k = 0; k < x[n][c].length; k++) {
            y[n][c][r][k] = (x[n][c][r][k] - mean) * scale + shift;
          }
        }
      }
    }
    return y;
  }

  private double affine(String name, int channel, double otherwise) {
    return weights.containsKey(name) ? weights.get(name)[channel] : otherwise;
  }

  private static double[][][][] relu(double[][][][] x) {
    for (double[][][] image : x) {
      for (double[][] map : image) {
        for (double[] row : map) {
          for (int i = 0; i < row.length; i++) {
            row[i] = Math.max(0, row[i]);
          }
        }
      }
    }
    return x;
  }

  private static double[][][][] add(double[][][][] a, double[][][][] b) {
    for (int n = 0; n < a.length; n++) {
      for (int c = 0; c < a[n].length; c++) {
        for (int r = 0; r < a[n][c].length; r++) {
          for (int k = 0; k < a[n][c].length; k++) {
            a[n][c][r][k] += b[n][c][r][k];
          }
        }
      }
    }
    return a;
  }

  private static double[][][][] maxPool(double[][][][] x) {
    int in = x[0][0].length;
    int out = (in + 2 - 3) / 2 + 1;
    double[][][][] y = new double[x.length][x[0].length][out][out];
    for (int n = 0; n < x.length; n++) {
      for (int c = 0; c < x[n].length; c++) {
        for (int r = 0; r < out; r++) {
          for (int k = 0; k < out; k++) {
            double best = Double.NEGATIVE_INFINITY;
            for (int i = Math.max(0, 2 * r - 1); i <= Math.min(in - 1, 2 * r + 1); i++) {
              for (int j = Math.max(0, 2 * k - 1); j <= Math.min(in - 1, 2 * k + 1); j++) {
                best = Math.max(best, x[n][c][i][j]);
              }
            }
            y[n][c][r][k] = best;
          }
        }
      }
    }
    return y;
  }

  private static double[][] pooled(double[][][][] x) {
    double[][] y = new double[x.length][x[0].length];
    for (int n = 0; n < x.length; n++) {
      for (int c = 0; c < x[n].length; c++) {
        double sum = 0;
        for (double[] row : x[n][c]) {
          for (double value : row) {
            sum += value;
          }
        }
        y[n][c] = sum / (x[n][c].length * x[n][c].length);
      }
    }
    return y;
  }

  private double[][] head(List<HeadLayer> layers, double[][] x) {
    for (HeadLayer layer : layers) {
      double[] w = weights.get(layer.name() + ".weight");
      double[][][][] y = new double[x.length][layer.out()][1][1];
      for (int n = 0; n < x.length; n++) {
        for (int o = 0; o < layer.out(); o++) {
          y[n][o][0][0] = layer.bias() ? weights.get(layer.name() + ".bias")[o] : 0;
          for (int i = 0; i < layer.in(); i++) {
            y[n][o][0][0] += w[o * layer.in() + i] * x[n][i];
          }
        }
      }
      y = layer.batchNorm() ? norm(layer.norm(), y) : y;
      y = layer.relu() ? relu(y) : y;
      x = pooled(y);
    }
    return x;
  }
}
