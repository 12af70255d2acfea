package simsiam.eval.linear;

/**
 * One epoch of the linear probe.
 *
 * @param epoch counted from 1
 * @param lr learning rate at the epoch's last step
 * @param trainLoss cross-entropy, mean over the epoch's images, each before its step's update
 * @param testTop1 after the epoch, in percent
 * @param testTop5 after the epoch, in percent
 */
public record LinearEpoch(
    int epoch, double lr, double trainLoss, double testTop1, double testTop5) {}
