package simsiam.model.train;

import simsiam.model.engine.Rates;
import simsiam.model.train.spec.PredictorLr;
import simsiam.model.train.spec.TrainSpec;

/**
 * Learning rates by optimiser step: linear warm-up of the encoder's rate, then half a cosine down
 * to 0 (paper §3: SGDR without restarts). The predictor's rate may stay at the full scaled rate
 * throughout (paper Table 1).
 */
public record CosineSchedule(TrainSpec train, long stepsPerEpoch) {
  public CosineSchedule {
    if (stepsPerEpoch < 1) {
      throw new IllegalArgumentException(
          "Cannot schedule learning rates: expected at least 1 step an epoch, got "
              + stepsPerEpoch);
    }
  }

  /** The rates of step {@code step}, counted from 0. */
  public Rates at(long step) {
    double encoder = train.scaledLr() * factor(step);
    double predictor = train.predictorLr() == PredictorLr.CONSTANT ? train.scaledLr() : encoder;
    return new Rates(encoder, predictor, train.momentum(), train.weightDecay());
  }

  private double factor(long step) {
    long warmup = train.warmupEpochs() * stepsPerEpoch;
    long total = train.epochs() * stepsPerEpoch;
    if (step < warmup) {
      return (step + 1.0) / warmup;
    }
    return (1 + Math.cos(Math.PI * (step - warmup) / (total - warmup))) / 2;
  }
}
