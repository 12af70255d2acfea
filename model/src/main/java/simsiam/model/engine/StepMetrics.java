package simsiam.model.engine;

/**
 * What one step measured, before its weight update.
 *
 * @param loss the objective's mean over the batch
 * @param outputStd standard deviation (unbiased) over the batch of each channel of z/|z|, averaged
 *     over channels and views: about 1/√d when healthy, 0 when collapsed (paper §4.1)
 */
public record StepMetrics(double loss, double outputStd) {}
