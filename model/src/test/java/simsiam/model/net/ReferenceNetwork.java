package simsiam.model.net;

import java.util.HashMap;
import java.util.Map;

/**
 * A {@link Network} in plain double loops over maps [N][C][H][W], node by node: an oracle that
 * shares nothing with the engines but the description. In training mode batch norm takes the
 * statistics of the images given and leaves the running ones alone.
 */
public final class ReferenceNetwork {
  private final Network network;
  private final Map<String, double[]> weights;
  private final boolean training;

  /**
   * @param weights by name, in the checkpoint's order of values; read at every pass
   */
  public ReferenceNetwork(Network network, Map<String, double[]> weights, boolean training) {
    this.network = network;
    this.weights = weights;
    this.training = training;
  }

  /** What every node makes of the images, and the images, by name. */
  public Map<String, double[][][][]> forward(double[][][][] images) {
    Map<String, double[][][][]> made = new HashMap<>();
    made.put(network.input(), images);
    for (Node node : network.nodes()) {
      made.put(node.name(), node.accept(new Step(made)));
    }
    return made;
  }

  /** The rows of a stack of maps of one pixel. */
  public static double[][] rows(double[][][][] vectors) {
    double[][] rows = new double[vectors.length][vectors[0].length];
    for (int n = 0; n < rows.length; n++) {
      for (int c = 0; c < rows[n].length; c++) {
        rows[n][c] = vectors[n][c][0][0];
      }
    }
    return rows;
  }

  private double[] weight(String name) {
    return weights.get(name);
  }

  private interface Value {
    double at(int n, int c, int y, int x);
  }

  private static double[][][][] fill(int n, int c, int h, int w, Value value) {
    double[][][][] maps = new double[n][c][h][w];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < c; j++) {
        for (int y = 0; y < h; y++) {
          for (int x = 0; x < w; x++) {
            maps[i][j][y][x] = value.at(i, j, y, x);
          }
        }
      }
    }
    return maps;
  }

  private static double[][][][] each(double[][][][] like, Value value) {
    return fill(like.length, like[0].length, like[0][0].length, like[0][0][0].length, value);
  }

  /** One node. */
  private final class Step implements Node.Visitor<double[][][][]> {
    private final Map<String, double[][][][]> made;

    Step(Map<String, double[][][][]> made) {
      this.made = made;
    }

    @Override
    public double[][][][] convolution(Node.Convolution node) {
      double[][][][] x = made.get(node.input());
      double[] w = weight(node.weight());
      int k = node.kernel();
      int height = (x[0][0].length + 2 * node.padding() - k) / node.stride() + 1;
      int width = (x[0][0][0].length + 2 * node.padding() - k) / node.stride() + 1;
      double[][][][] y = new double[x.length][node.out()][height][width];
      for (int n = 0; n < x.length; n++) {
        for (int o = 0; o < node.out(); o++) {
          for (int i = 0; i < node.in(); i++) {
            for (int tap = 0; tap < k * k; tap++) {
              int dy = tap / k - node.padding();
              int dx = tap % k - node.padding();
              double weight = w[(o * node.in() + i) * k * k + tap];
              accumulate(y[n][o], x[n][i], weight, dy, dx, node.stride());
            }
          }
        }
      }
      return y;
    }

    private static void accumulate(
        double[][] y, double[][] x, double weight, int dy, int dx, int stride) {
      for (int r = 0; r < y.length; r++) {
        int row = r * stride + dy;
        if (row >= 0 && row < x.length) {
          for (int c = 0; c < y[r].length; c++) {
            int column = c * stride + dx;
            if (column >= 0 && column < x[row].length) {
              y[r][c] += weight * x[row][column];
            }
          }
        }
      }
    }

    @Override
    public double[][][][] linear(Node.Linear node) {
      double[][][][] x = made.get(node.input());
      double[] w = weight(node.weight());
      double[] bias = node.hasBias() ? weight(node.bias()) : new double[node.out()];
      return fill(
          x.length,
          node.out(),
          1,
          1,
          (n, o, r, c) -> {
            double sum = bias[o];
            for (int i = 0; i < node.in(); i++) {
              sum += w[o * node.in() + i] * x[n][i][0][0];
            }
            return sum;
          });
    }

    @Override
    public double[][][][] batchNorm(Node.BatchNorm node) {
      double[][][][] x = made.get(node.input());
      double[] mean = new double[node.channels()];
      double[] variance = new double[node.channels()];
      for (int c = 0; c < node.channels(); c++) {
        mean[c] = training ? moment(x, c, 0, 1) : weight(node.runningMean())[c];
        variance[c] = training ? moment(x, c, mean[c], 2) : weight(node.runningVariance())[c];
      }
      return each(
          x,
          (n, c, r, k) -> {
            double normal = (x[n][c][r][k] - mean[c]) / Math.sqrt(variance[c] + 1e-5);
            return node.affine()
                ? normal * weight(node.weight())[c] + weight(node.bias())[c]
                : normal;
          });
    }

    /** The mean over images and pixels of (x - centre) to a power. */
    private static double moment(double[][][][] x, int channel, double centre, int power) {
      double sum = 0;
      for (double[][][] image : x) {
        for (double[] row : image[channel]) {
          for (double value : row) {
            sum += Math.pow(value - centre, power);
          }
        }
      }
      return sum / ((double) x.length * x[0][0].length * x[0][0][0].length);
    }

    @Override
    public double[][][][] relu(Node.Relu node) {
      double[][][][] x = made.get(node.input());
      return each(x, (n, c, r, k) -> Math.max(0, x[n][c][r][k]));
    }

    @Override
    public double[][][][] add(Node.Add node) {
      double[][][][] left = made.get(node.left());
      double[][][][] right = made.get(node.right());
      return each(left, (n, c, r, k) -> left[n][c][r][k] + right[n][c][r][k]);
    }

    @Override
    public double[][][][] maxPool(Node.MaxPool node) {
      double[][][][] x = made.get(node.input());
      int height = (x[0][0].length + 2 * node.padding() - node.kernel()) / node.stride() + 1;
      int width = (x[0][0][0].length + 2 * node.padding() - node.kernel()) / node.stride() + 1;
      return fill(
          x.length,
          x[0].length,
          height,
          width,
          (n, c, r, k) -> {
            double best = Double.NEGATIVE_INFINITY;
            for (int tap = 0; tap < node.kernel() * node.kernel(); tap++) {
              int row = r * node.stride() - node.padding() + tap / node.kernel();
              int column = k * node.stride() - node.padding() + tap % node.kernel();
              if (row >= 0 && row < x[n][c].length && column >= 0 && column < x[n][c][0].length) {
                best = Math.max(best, x[n][c][row][column]);
              }
            }
            return best;
          });
    }

    @Override
    public double[][][][] globalAveragePool(Node.GlobalAveragePool node) {
      double[][][][] x = made.get(node.input());
      return fill(
          x.length, x[0].length, 1, 1, (n, c, r, k) -> moment(new double[][][][] {x[n]}, c, 0, 1));
    }
  }
}
