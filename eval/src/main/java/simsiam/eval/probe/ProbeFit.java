package simsiam.eval.probe;

/**
 * One fit of the probe.
 *
 * @param c inverse of the regularisation
 * @param heldOutTop1 on the held-out training images, in percent; of a fit to all of them, the same
 *     as {@code trainTop1}
 * @param heldOutLoss mean cross-entropy on the same images, nats
 * @param trainTop1 on the images fitted to, in percent
 * @param trainLoss mean cross-entropy on the images fitted to, nats, without the regularisation
 * @param gradient largest component of the gradient of the mean regularised loss at its end
 * @param iterations of L-BFGS
 * @param converged whether the gradient is within the tolerance
 */
public record ProbeFit(
    double c,
    double heldOutTop1,
    double heldOutLoss,
    double trainTop1,
    double trainLoss,
    double gradient,
    int iterations,
    boolean converged) {}
