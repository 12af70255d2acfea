package simsiam.pipelines.cli;

import java.util.SortedMap;
import java.util.TreeMap;
import simsiam.model.engine.Rates;
import simsiam.model.engine.StepMetrics;
import simsiam.model.engine.TrainingNet;
import simsiam.model.net.Method;
import simsiam.model.net.Tensor;

/** Weights to be saved; there is no engine behind them. */
record StoredNet(Method method, SortedMap<String, Tensor> exportWeights) implements TrainingNet {
  @Override
  public StepMetrics step(float[] views, int batch, int size, Rates rates) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void encode(float[] images, int count, int size, float[] features) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void importWeights(SortedMap<String, Tensor> weights) {
    throw new UnsupportedOperationException();
  }

  @Override
  public SortedMap<String, Tensor> exportOptimizer() {
    return new TreeMap<>();
  }

  @Override
  public void importOptimizer(SortedMap<String, Tensor> buffers) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
