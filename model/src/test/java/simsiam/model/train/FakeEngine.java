package simsiam.model.train;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongFunction;
import simsiam.model.engine.Engine;
import simsiam.model.engine.LinearAlgebra;
import simsiam.model.engine.Rates;
import simsiam.model.engine.StepMetrics;
import simsiam.model.engine.TrainingNet;
import simsiam.model.net.Method;
import simsiam.model.net.Tensor;

/**
 * An engine of one weight and one momentum buffer, both of which depend on every pixel it was shown
 * and on every rate: enough to tell whether a training loop feeds the same steps again.
 */
final class FakeEngine implements Engine {
  private final LongFunction<StepMetrics> metrics;
  int steps;
  int outputs;
  int threads = 2;
  int open;
  boolean takesMomentum = true;

  /** Steps whose metrics are told at once. */
  int metricsEvery = 1;

  FakeEngine(LongFunction<StepMetrics> metrics) {
    this.metrics = metrics;
  }

  @Override
  public String name() {
    return "fake";
  }

  @Override
  public String describe() {
    return "fake engine of the tests";
  }

  @Override
  public int threads() {
    return threads;
  }

  @Override
  public TrainingNet create(Method method, SortedMap<String, Tensor> weights) {
    return new Net(method, weights);
  }

  @Override
  public LinearAlgebra linearAlgebra() {
    throw new UnsupportedOperationException();
  }

  private final class Net implements TrainingNet {
    private final Method method;
    private float weight;
    private float momentum;
    private final List<StepMetrics> untold = new ArrayList<>();

    Net(Method method, SortedMap<String, Tensor> weights) {
      this.method = method;
      importWeights(weights);
      open++;
    }

    @Override
    public Method method() {
      return method;
    }

    @Override
    public StepMetrics step(float[] views, int batch, int size, Rates rates) {
      return step(views, batch, size, new float[0], rates);
    }

    /** Its targets too depend on the weight and on every pixel. */
    @Override
    public void outputs(
        float[] views, int batch, int size, List<Method.Output> wanted, float[] rows) {
      outputs++;
      for (int i = 0; i < rows.length; i++) {
        rows[i] = weight * (1 + i % 5) + views[i % views.length];
      }
    }

    @Override
    public StepMetrics step(float[] views, int batch, int size, float[] given, Rates rates) {
      float sum = 0;
      for (int i = 0; i < given.length; i++) {
        sum += given[i] * (i % 13);
      }
      for (int i = 0; i < views.length; i++) {
        sum += views[i] * (i % 17);
      }
      momentum = (float) (rates.momentum() * momentum + sum);
      weight -= (float) (rates.encoder() * momentum);
      return metrics.apply(steps++);
    }

    @Override
    public List<StepMetrics> advance(
        float[] views, int batch, int size, float[] given, Rates rates) {
      untold.add(step(views, batch, size, given, rates));
      return untold.size() == metricsEvery ? settle() : List.of();
    }

    @Override
    public List<StepMetrics> settle() {
      List<StepMetrics> told = List.copyOf(untold);
      untold.clear();
      return told;
    }

    @Override
    public void encode(float[] images, int count, int size, float[] features) {
      throw new UnsupportedOperationException();
    }

    @Override
    public SortedMap<String, Tensor> exportWeights() {
      return tensor(weight);
    }

    @Override
    public void importWeights(SortedMap<String, Tensor> weights) {
      weight = weights.get(weights.firstKey()).data()[0];
    }

    @Override
    public SortedMap<String, Tensor> exportOptimizer() {
      return tensor(momentum);
    }

    @Override
    public void importOptimizer(SortedMap<String, Tensor> buffers) {
      if (!takesMomentum) {
        throw new IllegalArgumentException("no momentum");
      }
      momentum = buffers.get("w").data()[0];
    }

    @Override
    public void close() {
      open--;
    }

    private static SortedMap<String, Tensor> tensor(float value) {
      SortedMap<String, Tensor> map = new TreeMap<>();
      map.put("w", Tensor.of(new float[] {value}, 1));
      return map;
    }
  }
}
