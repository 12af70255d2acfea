package simsiam.model.engine.nd4j;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import simsiam.model.engine.InputCheck;
import simsiam.model.engine.OperationTimes;
import simsiam.model.engine.Rates;
import simsiam.model.engine.StepMetrics;
import simsiam.model.engine.Tap;
import simsiam.model.engine.TrainingNet;
import simsiam.model.engine.nd4j.kernels.Kernels;
import simsiam.model.engine.nd4j.kernels.Operation.Kind;
import simsiam.model.engine.nd4j.kernels.Parameters;
import simsiam.model.engine.nd4j.plan.ElementType;
import simsiam.model.net.Method;
import simsiam.model.net.Network;
import simsiam.model.net.NetworkLayout;
import simsiam.model.net.Tensor;

/**
 * A network on ND4J. Memory is bound to the last batch and image size seen, once for training, for
 * encoding and for predicting, and freed by {@link #close}.
 */
final class Nd4jNet implements TrainingNet, OperationTimes {
  private static final float[] NOTHING = {};

  private final Method method;
  private final InputCheck inputs;
  private final Parameters parameters;
  private final Kernels kernels;
  private final ElementType maps;
  private TrainingStep training;

  /** Networks in eval mode, by what they make. */
  private final Map<String, EvalEncoder> evaluated = new HashMap<>();

  private boolean closed;
  private long updateNanos;

  /**
   * A network whose kernels are made over its parameters.
   *
   * @param weights as {@link simsiam.model.engine.Engine#create} takes them
   * @param maps how feature maps are stored
   */
  Nd4jNet(
      Method method,
      SortedMap<String, Tensor> weights,
      Function<Parameters, Kernels> kernelSet,
      ElementType maps) {
    this.method = method;
    this.maps = maps;
    inputs = new InputCheck(method);
    parameters = new Parameters(NetworkLayout.of(method));
    kernels = kernels(kernelSet);
    try {
      parameters.importWeights(weights);
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private Kernels kernels(Function<Parameters, Kernels> kernelSet) {
    try {
      return kernelSet.apply(parameters);
    } catch (RuntimeException | Error e) {
      parameters.close();
      throw e;
    }
  }

  @Override
  public Method method() {
    return method;
  }

  @Override
  public StepMetrics step(float[] views, int batch, int size, Rates rates) {
    return step(views, batch, size, NOTHING, rates);
  }

  @Override
  public StepMetrics step(float[] views, int batch, int size, float[] given, Rates rates) {
    StepMetrics metrics = gradients(views, batch, size, given);
    long start = System.nanoTime();
    kernels.update(rates);
    updateNanos += System.nanoTime() - start;
    return metrics;
  }

  /** Forward and backward pass alone, which leaves the gradients to be exported. */
  StepMetrics gradients(float[] views, int batch, int size, float[] given) {
    checkOpen("train");
    inputs.checkStep(views, batch, size, given);
    return training(batch, size).run(views, given);
  }

  private TrainingStep training(int batch, int size) {
    if (training == null || !training.fits(batch, size)) {
      closeTraining();
      training = new TrainingStep(method, kernels, batch, size, maps);
    }
    return training;
  }

  @Override
  public void outputs(
      float[] views, int batch, int size, List<Method.Output> wanted, float[] rows) {
    checkOpen("compute outputs");
    inputs.checkOutputs(views, batch, size, wanted, rows);
    TrainingStep step = training(batch, size);
    float[] untrained = parameters.readUntrained();
    try {
      step.outputs(views, wanted, rows);
    } finally {
      parameters.writeUntrained(untrained); // running statistics, which a forward pass moves
    }
  }

  @Override
  public void encode(float[] images, int count, int size, float[] features) {
    encode(images, count, size, features, List.of(), List.of());
  }

  @Override
  public void encode(
      float[] images, int count, int size, float[] features, List<Tap> taps, List<float[]> maps) {
    checkOpen("encode");
    inputs.checkEncode(images, count, size, features);
    inputs.checkTaps(count, size, taps, maps);
    evaluated(method.encoder(), count, size, taps).encode(images, count, features, maps);
  }

  @Override
  public void predict(float[] images, int count, int size, float[] predictions) {
    checkOpen("predict");
    inputs.checkPredict(images, count, size, predictions);
    evaluated(method.network(), count, size, List.of())
        .encode(images, count, predictions, List.of());
  }

  private EvalEncoder evaluated(Network network, int count, int size, List<Tap> taps) {
    EvalEncoder bound = evaluated.get(network.output());
    if (bound == null || !bound.fits(count, size, taps)) {
      if (bound != null) {
        evaluated.remove(network.output()).close();
      }
      bound = new EvalEncoder(network, kernels, count, size, taps, this.maps);
      evaluated.put(network.output(), bound);
    }
    return bound;
  }

  private void checkOpen(String action) {
    if (closed) {
      throw new IllegalStateException("Cannot " + action + ": the network is closed");
    }
  }

  @Override
  public SortedMap<String, Tensor> exportWeights() {
    checkOpen("export weights");
    return parameters.exportWeights();
  }

  @Override
  public void importWeights(SortedMap<String, Tensor> weights) {
    checkOpen("import weights");
    parameters.importWeights(weights);
  }

  @Override
  public SortedMap<String, Tensor> exportOptimizer() {
    checkOpen("export momentum");
    return parameters.exportMomentum();
  }

  @Override
  public void importOptimizer(SortedMap<String, Tensor> buffers) {
    checkOpen("import momentum");
    parameters.importMomentum(buffers);
  }

  /** Gradients of the last step, by parameter. */
  SortedMap<String, Tensor> exportGradients() {
    checkOpen("export gradients");
    return parameters.exportGradients();
  }

  @Override
  public Map<String, Long> operationNanos() {
    Map<String, Long> nanos = new TreeMap<>();
    if (training != null) {
      nanos.put(Kind.UPDATE.label(), updateNanos);
      training.nanos().forEach((kind, time) -> nanos.put(kind.label(), time));
    }
    return nanos;
  }

  private void closeTraining() {
    if (training != null) {
      training.close();
      training = null;
    }
    updateNanos = 0;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      closeTraining();
      evaluated.values().forEach(EvalEncoder::close);
      kernels.close();
      parameters.close();
    }
  }
}
