package simsiam.eval.monitor;

import java.util.Arrays;
import java.util.OptionalDouble;

/** What the spectrum of a set of features says of it. Letters: N images, D channels. */
public final class SpectralMeasures {
  /** Of RankMe's equation 1, for float32. */
  private static final double EPSILON = 1e-7;

  /** Ranks that α is fitted to. */
  private static final int FIRST = 4;

  private static final int LAST = 100;

  private SpectralMeasures() {}

  /**
   * RankMe (Garrido et al. 2023, equation 1): {@code exp(-Σ p·ln p)} with {@code p = σ/‖σ‖₁ +
   * 1e-7}, a smooth count of the directions that features use, their mean's among them. From 1 to
   * min(N, D).
   *
   * @param singularValues σ of the feature matrix {@code [N, D]}, not centred; those left out are 0
   * @param count of σ, min(N, D)
   * @return empty if all features are 0
   */
  public static OptionalDouble rankMe(double[] singularValues, int count) {
    double sum = Arrays.stream(singularValues).sum();
    if (!(sum > 0)) {
      return OptionalDouble.empty();
    }
    double entropy = -(count - singularValues.length) * EPSILON * Math.log(EPSILON);
    for (double value : singularValues) {
      double share = value / sum + EPSILON;
      entropy -= share * Math.log(share);
    }
    return OptionalDouble.of(Math.exp(entropy));
  }

  /**
   * Effective rank (Roy and Vetterli 2007, definition 1) of the features' covariance: {@code exp(-Σ
   * p·ln p)} with p the share of the variance along each principal axis. From 1 to D.
   *
   * @param variances eigenvalues of the covariance; those left out are 0
   * @return empty if all features are the same
   */
  public static OptionalDouble effectiveRank(double[] variances) {
    double sum = Arrays.stream(variances).sum();
    if (!(sum > 0)) {
      return OptionalDouble.empty();
    }
    double entropy = 0;
    for (double variance : variances) {
      double share = variance / sum;
      entropy -= share > 0 ? share * Math.log(share) : 0;
    }
    return OptionalDouble.of(Math.exp(entropy));
  }

  /**
   * α-ReQ (Agrawal et al. 2022, section 3): the exponent of the power law {@code λ ∝ rank^-α} of
   * the covariance's spectrum; near 1 is best, above it few directions carry all, below it noise
   * does. The paper gives no range: the fit is its authors' code's, least squares of ln λ on ln
   * rank over the ranks 4 to 100, weighted by 1/rank. A spectrum that ends before rank 100 is
   * fitted to its end.
   *
   * @param variances eigenvalues λ of the covariance, falling, all positive
   * @return empty if fewer than two of them are in the range
   */
  public static OptionalDouble alphaReq(double[] variances) {
    int last = Math.min(LAST, variances.length);
    if (last <= FIRST) {
      return OptionalDouble.empty();
    }
    double weights = 0;
    double meanX = 0;
    double meanY = 0;
    for (int rank = FIRST; rank <= last; rank++) {
      weights += 1.0 / rank;
      meanX += Math.log(rank) / rank;
      meanY += Math.log(variances[rank - 1]) / rank;
    }
    meanX /= weights;
    meanY /= weights;
    double covariance = 0;
    double variance = 0;
    for (int rank = FIRST; rank <= last; rank++) {
      double x = Math.log(rank) - meanX;
      covariance += x * (Math.log(variances[rank - 1]) - meanY) / rank;
      variance += x * x / rank;
    }
    return OptionalDouble.of(-covariance / variance);
  }
}
