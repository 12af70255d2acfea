package simsiam.model.net;

import simsiam.model.config.Checks;

/**
 * The prediction MLP h: linear d → {@code hidden}, batch norm, ReLU, linear {@code hidden} → d
 * (paper §3).
 *
 * @param hidden width of the bottleneck (paper: d/4)
 */
public record PredictorSpec(
    PredictorKind kind, int hidden, boolean hiddenBatchNorm, boolean outputBatchNorm) {
  public PredictorSpec {
    new Checks()
        .atLeast("hidden", hidden, 1)
        .atMost("hidden", hidden, ProjectorSpec.MAX_DIM)
        .done();
  }
}
