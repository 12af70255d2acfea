package simsiam.model.engine.nd4j.host;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import simsiam.model.engine.nd4j.kernels.FeatureMap;
import simsiam.model.engine.nd4j.kernels.Kernel;
import simsiam.model.engine.nd4j.kernels.Parameter;
import simsiam.model.engine.nd4j.kernels.Parameters;
import simsiam.model.engine.nd4j.onednn.RunningStatistics;
import simsiam.model.net.Node;

/**
 * Batch norm with the statistics of each view by itself, as in two forward passes (paper §3). In
 * training {@link #preparation} takes the batch's statistics and moves the running ones once a
 * view, in order, with the unbiased variance.
 */
final class BatchNorm extends ChannelScaling {
  private final boolean training;
  private final Optional<Parameter> weight;
  private final Optional<Parameter> bias;
  private final RunningStatistics running;
  private final double[][] inverseStd;
  private final double[] means;
  private final double[] variances;
  private final double[] gamma;
  private final double[] beta;
  private final double[] gammaGradient;
  private final double[] betaGradient;
  private final double[] partSums;
  private final double[] partSquares;

  /**
   * Binds the layer.
   *
   * @param training whether {@link #preparation} takes the batch's statistics, rather than the
   *     running
   */
  BatchNorm(
      Parameters parameters,
      Node.BatchNorm node,
      FeatureMap y,
      int views,
      boolean training,
      Workers workers) {
    super(y, views, workers);
    this.training = training;
    weight = parameters.find(node.weight());
    bias = parameters.find(node.bias());
    running =
        new RunningStatistics(
            parameters.get(node.runningMean()), parameters.get(node.runningVariance()));
    int channels = tiling.channels();
    inverseStd = new double[views][channels];
    means = new double[channels];
    variances = new double[channels];
    gamma = new double[channels];
    beta = new double[channels];
    Arrays.fill(gamma, 1);
    gammaGradient = new double[channels];
    betaGradient = new double[channels];
    partSums = new double[tiling.parts() * channels];
    partSquares = new double[tiling.parts() * channels];
  }

  @Override
  Kernel preparation() {
    return training
        ? new PartLoop(
            tiling,
            workers,
            List.of(y),
            this::moments,
            this::pivot,
            Optional.of(this::prepareFromMoments))
        : this::prepareFromRunning;
  }

  private void prepareFromMoments() {
    weight.ifPresent(parameter -> parameter.read(gamma));
    bias.ifPresent(parameter -> parameter.read(beta));
    for (int view = 0; view < tiling.views(); view++) {
      statistics(view);
      running.move(means, variances, tiling.rowsPerView());
      coefficients(view);
    }
    Arrays.fill(gammaGradient, 0);
    Arrays.fill(betaGradient, 0);
  }

  private void prepareFromRunning() {
    weight.ifPresent(parameter -> parameter.read(gamma));
    bias.ifPresent(parameter -> parameter.read(beta));
    running.mean().read(means);
    running.variance().read(variances);
    for (int view = 0; view < tiling.views(); view++) {
      coefficients(view);
    }
  }

  /** A value near the mean, taken off before squaring so that nothing cancels: the first row. */
  private void pivot(int view) {
    double[] first = new double[means.length]; // several views may be at this at once
    for (int i = 0; i < first.length; i++) {
      first[i] = y.values().get(view * tiling.perView() + i);
    }
    tiling.repeat(first, mean[view]);
  }

  private void moments(int part, Scratch scratch) {
    int tile = tiling.tile();
    float[] values = scratch.floats(0, tile);
    float[] sum = scratch.floats(1, tile);
    float[] squares = scratch.floats(2, tile);
    Arrays.fill(sum, 0, tile, 0f);
    Arrays.fill(squares, 0, tile, 0f);
    int end = tiling.to(part);
    for (int at = tiling.from(part); at < end; at += tile) {
      int n = Math.min(tile, end - at);
      y.values().get(at, values, 0, n);
      Loops.moments(values, mean[tiling.view(part)], sum, squares, n);
    }
    int channels = tiling.channels();
    Arrays.fill(partSums, part * channels, (part + 1) * channels, 0);
    Arrays.fill(partSquares, part * channels, (part + 1) * channels, 0);
    tiling.fold(sum, partSums, part * channels);
    tiling.fold(squares, partSquares, part * channels);
  }

  private void statistics(int view) {
    double rows = tiling.rowsPerView();
    tiling.total(partSums, view, means);
    tiling.total(partSquares, view, variances);
    for (int i = 0; i < means.length; i++) {
      double offset = means[i] / rows;
      variances[i] = Math.max(0, variances[i] / rows - offset * offset);
      means[i] = mean[view][i] + offset;
    }
  }

  private void coefficients(int view) {
    double[] scales = new double[means.length];
    double[] shifts = new double[means.length];
    for (int i = 0; i < means.length; i++) {
      inverseStd[view][i] = 1 / Math.sqrt(variances[i] + Node.BatchNorm.EPSILON);
      scales[i] = gamma[i] * inverseStd[view][i];
      shifts[i] = beta[i] - means[i] * scales[i];
    }
    tiling.repeat(means, mean[view]);
    tiling.repeat(scales, scale[view]);
    tiling.repeat(shifts, shift[view]);
  }

  @Override
  void gradient(int view, double[] sums, double[] products, Coefficients out) {
    double rows = tiling.rowsPerView();
    for (int i = 0; i < sums.length; i++) {
      double inverse = inverseStd[view][i];
      betaGradient[i] += sums[i];
      gammaGradient[i] += products[i] * inverse;
      out.a()[i] = gamma[i] * inverse;
      out.b()[i] = -gamma[i] * inverse * inverse * inverse * products[i] / rows;
      out.c()[i] = -gamma[i] * inverse * sums[i] / rows;
    }
  }

  @Override
  void storeGradients() {
    weight.ifPresent(parameter -> parameter.writeGradient(gammaGradient));
    bias.ifPresent(parameter -> parameter.writeGradient(betaGradient));
  }
}
