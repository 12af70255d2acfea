package simsiam.model.engine.nd4j.onednn;

import simsiam.model.engine.nd4j.kernels.Parameter;
import simsiam.model.net.Node;

/** The running mean and variance of a batch norm. */
public record RunningStatistics(Parameter mean, Parameter variance) {

  /**
   * Moves them towards those of one view.
   *
   * @param variances biased ones; the running one is unbiased
   * @param rows values of a channel in the view
   */
  public void move(double[] means, double[] variances, double rows) {
    double[] running = new double[means.length];
    mean.read(running);
    for (int i = 0; i < running.length; i++) {
      running[i] += Node.BatchNorm.MOMENTUM * (means[i] - running[i]);
    }
    mean.write(running);
    variance.read(running);
    for (int i = 0; i < running.length; i++) {
      running[i] += Node.BatchNorm.MOMENTUM * (variances[i] * rows / (rows - 1) - running[i]);
    }
    variance.write(running);
  }
}
