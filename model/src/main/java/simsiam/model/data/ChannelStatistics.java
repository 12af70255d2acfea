package simsiam.model.data;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/**
 * Mean and standard deviation (over all pixels, population) of each channel in RGB order, on the
 * scale 0 to 1.
 *
 * @param pixels over which they were taken; with none, means and deviations are 0
 */
public record ChannelStatistics(long pixels, List<Double> mean, List<Double> std) {
  public ChannelStatistics {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
  }

  /** From exact sums; each figure is rounded once. */
  public static ChannelStatistics of(ChannelSums sums) {
    List<Double> mean = new ArrayList<>();
    List<Double> std = new ArrayList<>();
    for (int channel = 0; channel < 3; channel++) {
      mean.add(mean(sums.pixels(), sums.sums()[channel]));
      std.add(std(sums.pixels(), sums.sums()[channel], sums.squares()[channel]));
    }
    return new ChannelStatistics(sums.pixels(), mean, std);
  }

  private static double mean(long pixels, long sum) {
    if (pixels == 0) {
      return 0;
    }
    return BigDecimal.valueOf(sum)
        .divide(
            BigDecimal.valueOf(pixels).multiply(BigDecimal.valueOf(255)), MathContext.DECIMAL128)
        .doubleValue();
  }

  private static double std(long pixels, long sum, long squares) {
    if (pixels == 0) {
      return 0;
    }
    BigInteger n = BigInteger.valueOf(pixels);
    BigInteger s = BigInteger.valueOf(sum);
    BigInteger numerator = n.multiply(BigInteger.valueOf(squares)).subtract(s.multiply(s));
    BigDecimal denominator = new BigDecimal(n.multiply(BigInteger.valueOf(255)).pow(2));
    return new BigDecimal(numerator)
        .divide(denominator, MathContext.DECIMAL128)
        .sqrt(MathContext.DECIMAL128)
        .doubleValue();
  }
}
