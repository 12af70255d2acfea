package simsiam.pipelines.config;

import java.util.Comparator;
import java.util.List;
import simsiam.model.augment.AugmentSpec;
import simsiam.model.config.Violation;
import simsiam.model.net.Method;
import simsiam.model.net.NetworkLayout;
import simsiam.model.net.NetworkSpec;
import simsiam.model.net.ParameterSpec;
import simsiam.model.train.spec.TrainSpec;

/** Values whose products are more than one array holds, on whatever machine. */
final class ArraySizes {
  /** Values of the largest array. */
  private static final long MOST = Integer.MAX_VALUE - 8;

  private ArraySizes() {}

  /** Of the network's largest tensor. */
  static List<Violation> violations(NetworkSpec network) {
    ParameterSpec largest =
        NetworkLayout.of(network).parameters().stream()
            .max(Comparator.comparingLong(ParameterSpec::elements))
            .orElseThrow();
    if (largest.elements() <= MOST) {
      return List.of();
    }
    String expected =
        "less, as %s would have %s values and an array holds %s"
            .formatted(largest.name(), largest.elements(), MOST);
    if (largest.name().startsWith("backbone.")) {
      return List.of(
          new Violation("encoder.width", String.valueOf(network.encoder().width()), expected));
    }
    boolean predictor =
        largest.name().startsWith("predictor.")
            && network.predictor().hidden() > network.projector().dim();
    return List.of(
        predictor
            ? new Violation(
                "predictor.hidden", String.valueOf(network.predictor().hidden()), expected)
            : new Violation("projector.dim", String.valueOf(network.projector().dim()), expected));
  }

  /** Of a batch of views. */
  static List<Violation> violations(TrainSpec train, NetworkSpec network, AugmentSpec augment) {
    long views = (long) Method.of(network).views() * train.batchSize();
    long values = views * 3 * augment.cropSize() * augment.cropSize();
    if (values <= MOST) {
      return List.of();
    }
    return List.of(
        new Violation(
            "train.batch_size",
            String.valueOf(train.batchSize()),
            "less, as the views of a batch (augment.crop_size %s) would have %s values and an array holds %s"
                .formatted(augment.cropSize(), values, MOST)));
  }
}
