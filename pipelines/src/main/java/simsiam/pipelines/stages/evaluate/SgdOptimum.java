package simsiam.pipelines.stages.evaluate;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import simsiam.eval.linear.LinearResult;
import simsiam.eval.probe.ProbeResult;
import simsiam.pipelines.result.Measure;

/**
 * Whether the linear probe by SGD has come near its optimum. Both linear probes have the same
 * unregularised loss to go down (standardising is undone by weights), so the lower one shows how
 * far at least the other has still to go.
 */
public final class SgdOptimum {
  static final String KEY = "linear_far_from_optimum";

  private static final String LABEL = "linear probe far from its optimum";

  /** Nats: of more, the accuracy is that of a moment. */
  private static final double FAR = 0.1;

  private SgdOptimum() {}

  /** The training loss at the end of SGD. */
  static Measure loss(LinearResult result) {
    return Measure.number("linear_train_loss", "linear probe's training loss", last(result))
        .note("cross-entropy in nats, mean of the last epoch")
        .better(Measure.Better.LOWER);
  }

  /** Told by SGD alone: a loss above that of giving each class the same probability. */
  static Optional<Measure> worseThanChance(LinearResult result) {
    double chance = Math.log(result.last().classNames().size());
    return trouble(result, chance, 0, "equal probabilities for all classes have");
  }

  /** Told by the converged probe on the same features. */
  static Optional<Measure> worseThan(ProbeResult probe, LinearResult result) {
    return trouble(result, probe.fit().trainLoss(), FAR, "the converged probe has");
  }

  private static Optional<Measure> trouble(
      LinearResult result, double bound, double margin, String whose) {
    double loss = last(result);
    return loss <= bound + margin
        ? Optional.empty()
        : Optional.of(
            Measure.trouble(KEY, LABEL, true)
                .note(
                    String.format(
                        Locale.ROOT,
                        "SGD ends at a training loss of %.3g nats where %s %.3g, so linear top-1"
                            + " depends on rate and epochs; judge by probe top-1",
                        loss,
                        whose,
                        bound))
                .asHeadline());
  }

  private static double last(LinearResult result) {
    return result.curve().get(result.curve().size() - 1).trainLoss();
  }

  /** The converged probe's word on SGD, unless that has told of itself. */
  public static List<Measure> told(
      Optional<ProbeResult> probe, Optional<LinearResult> linear, List<Measure> already) {
    if (probe.isEmpty()
        || linear.isEmpty()
        || already.stream().anyMatch(measure -> measure.key().equals(KEY))) {
      return List.of();
    }
    return worseThan(probe.get(), linear.get()).stream().toList();
  }
}
