package simsiam.pipelines.bench.training;

import java.util.List;
import java.util.Locale;
import simsiam.model.bench.MachineLimits;
import simsiam.model.bench.OperationTime;
import simsiam.model.engine.Precision;
import simsiam.model.net.NetworkCost;
import simsiam.pipelines.bench.measure.Figure;

/**
 * Each kind of operation of a step against what the machine can do at most: products against the
 * rate of a large matrix product, passes over feature maps against the bandwidth of a copy.
 *
 * @param batch N, images a step
 * @param precision of the maps; heads and parameters are float32
 */
record OperationRates(NetworkCost cost, int batch, MachineLimits limits, Precision precision) {
  private static final int BFLOAT16_BYTES = 2;

  /** Forward: once for the moments, then read and written for the result. */
  private static final long FORWARD_PASSES = 3;

  /** Backward: map and gradient read for the sums, both read again and one written. */
  private static final long BACKWARD_PASSES = 5;

  /** Weight, gradient and momentum read, weight and momentum written. */
  private static final long UPDATE_PASSES = 5;

  List<Figure> row(OperationTime time) {
    double flops = batch * (double) flops(time.operation());
    double bytes = bytes(time.operation()) * (double) values(time.operation());
    double gigaflops = flops / time.millis() / 1e6;
    double gigabytes = bytes / time.millis() / 1e6;
    boolean product = flops > 0;
    boolean pass = bytes > 0;
    double reached =
        product ? gigaflops / productLimit(time.operation()) : gigabytes / limits.copyGigabytes();
    return List.of(
        Figure.words("precision", "precision", word(precision)),
        Figure.words("operation", "operation", time.operation()),
        Figure.measured("ms/step", "milliseconds", time.millis()),
        percent("share", "share", time.share()),
        rate("GFLOP/s", "gigaflops_per_second", product, gigaflops),
        rate("GB/s", "gigabytes_per_second", pass, gigabytes),
        product || pass
            ? percent("of the limit", "share_of_limit", reached)
            : none("of the limit", "share_of_limit"));
  }

  /** {@code bf16}. */
  static String word(Precision precision) {
    return precision.name().toLowerCase(Locale.ROOT);
  }

  private double productLimit(String operation) {
    return onMaps(operation)
        ? limits.bfloat16Gigaflops().orElse(limits.gemmGigaflops())
        : limits.gemmGigaflops();
  }

  private int bytes(String operation) {
    return onMaps(operation) ? BFLOAT16_BYTES : Float.BYTES;
  }

  /** Whether an operation reads and writes maps of bf16, nearly all of its time. */
  private boolean onMaps(String operation) {
    return precision == Precision.BF16
        && !operation.equals("linear")
        && !operation.equals("update");
  }

  private static Figure rate(String title, String name, boolean known, double rate) {
    return known ? Figure.measured(title, name, rate) : none(title, name);
  }

  private static Figure percent(String title, String name, double share) {
    return new Figure(title, String.format(Locale.ROOT, "%.0f %%", 100 * share), name, share);
  }

  /** A figure that this kind of operation does not have. */
  private static Figure none(String title, String name) {
    return new Figure(title, "-", name, null);
  }

  private long flops(String operation) {
    return switch (operation) {
      case "convolution", "weight_gradient" -> cost.forwardFlops();
      case "input_gradient" -> cost.inputGradientFlops();
      case "linear" -> cost.linearFlops();
      default -> 0;
    };
  }

  /** Values read and written at the least, by an operation of its own. */
  private long values(String operation) {
    return switch (operation) {
      case "norm_forward" -> FORWARD_PASSES * batch * cost.scaledValues();
      case "norm_backward" -> BACKWARD_PASSES * batch * cost.scaledValues();
      case "update" -> UPDATE_PASSES * cost.parameters();
      default -> 0;
    };
  }
}
