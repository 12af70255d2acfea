package simsiam.pipelines.report;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import simsiam.eval.linear.LinearEpoch;
import simsiam.eval.linear.LinearResult;

/** The linear probe over its epochs: accuracy and training loss side by side. */
final class ProbePlot {
  private static final int WIDTH = 1000;
  private static final int HEIGHT = 420;

  private ProbePlot() {}

  static Picture draw(LinearResult result, Optional<LinearResult> random) {
    LinePlot accuracy = new LinePlot("Linear probe: accuracy", "top-1 on the test split (%)");
    accuracy.curve("this encoder", Palette.BLUE, epochs(result), top1(result));
    random.ifPresent(
        baseline ->
            accuracy.curve("random encoder", Palette.GREY, epochs(baseline), top1(baseline)));
    accuracy.level(
        String.format(Locale.ROOT, "best: %.2f %%", result.best().top1()),
        Palette.GREEN,
        Palette.DOTTED,
        0,
        result.spec().epochs(),
        result.best().top1());
    LinePlot loss = new LinePlot("Linear probe: training loss", "cross-entropy (nats)");
    double[] losses = losses(result);
    loss.curve("this encoder", Palette.BLUE, epochs(result), losses);
    random.ifPresent(
        baseline -> loss.curve("random encoder", Palette.GREY, epochs(baseline), losses(baseline)));
    if (spansDecades(losses)) {
      loss.logarithmic();
    }
    return Panels.row("linear", "Linear probe", WIDTH, HEIGHT, List.of(accuracy, loss));
  }

  /** At rate 30 the first epochs' loss can be a hundred times the last's. */
  private static boolean spansDecades(double[] losses) {
    double least = Double.POSITIVE_INFINITY;
    double most = 0;
    for (double loss : losses) {
      least = Math.min(least, loss);
      most = Math.max(most, loss);
    }
    return least > 0 && most > 20 * least;
  }

  private static double[] epochs(LinearResult result) {
    return result.curve().stream().mapToDouble(LinearEpoch::epoch).toArray();
  }

  private static double[] top1(LinearResult result) {
    return result.curve().stream().mapToDouble(LinearEpoch::testTop1).toArray();
  }

  private static double[] losses(LinearResult result) {
    return result.curve().stream().mapToDouble(LinearEpoch::trainLoss).toArray();
  }
}
