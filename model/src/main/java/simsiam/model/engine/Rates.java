package simsiam.model.engine;

/**
 * What one optimiser step uses: heavy-ball SGD, {@code buf = momentum·buf + (g + weightDecay·w); w
 * -= lr·buf}, on every parameter including batch-norm scale and bias (paper, Appendix A).
 *
 * @param encoder learning rate of backbone and projector
 * @param predictor learning rate of SimSiam's predictor, or of a classifier's head
 */
public record Rates(double encoder, double predictor, double momentum, double weightDecay) {}
