package simsiam.model.engine.nd4j.host;

import java.nio.FloatBuffer;
import simsiam.model.engine.Rates;
import simsiam.model.engine.nd4j.kernels.Parameters;

/**
 * SGD with heavy-ball momentum and weight decay added to the gradient before it, over everything
 * trained including batch-norm scale and bias (paper, Appendix A).
 */
final class SgdMomentum {
  private static final int TILE = 4096;

  private final Parameters parameters;
  private final Workers workers;

  SgdMomentum(Parameters parameters, Workers workers) {
    this.parameters = parameters;
    this.workers = workers;
  }

  void step(Rates rates) {
    update(0, parameters.encoderEnd(), rates, (float) rates.encoder());
    update(parameters.encoderEnd(), parameters.predictorEnd(), rates, (float) rates.predictor());
  }

  private void update(int from, int to, Rates rates, float rate) {
    float momentum = (float) rates.momentum();
    float decay = (float) rates.weightDecay();
    FloatBuffer weights = parameters.weights().values();
    FloatBuffer gradients = parameters.gradients().values();
    FloatBuffer buffers = parameters.momentum().values();
    workers.run(
        (to - from + TILE - 1) / TILE,
        (index, scratch) -> {
          int at = from + index * TILE;
          int n = Math.min(TILE, to - at);
          float[] w = scratch.floats(0, TILE);
          float[] g = scratch.floats(1, TILE);
          float[] buf = scratch.floats(2, TILE);
          weights.get(at, w, 0, n);
          gradients.get(at, g, 0, n);
          buffers.get(at, buf, 0, n);
          Loops.heavyBall(w, g, buf, rate, momentum, decay, n);
          buffers.put(at, buf, 0, n);
          weights.put(at, w, 0, n);
        });
  }
}
