package simsiam.model.engine.nd4j;

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
import simsiam.model.net.NetworkLayout;
import simsiam.model.net.NetworkSpec;
import simsiam.model.net.Tensor;

/**
 * A network on ND4J. Memory is bound to the last batch and image size seen, once for training and
 * once for encoding, and freed by {@link #close}.
 */
final class Nd4jNet implements TrainingNet, OperationTimes {
  private final NetworkSpec spec;
  private final InputCheck inputs;
  private final Method method;
  private final Parameters parameters;
  private final Kernels kernels;
  private final ElementType maps;
  private TrainingStep training;
  private EvalEncoder encoder;
  private boolean closed;
  private long updateNanos;

  /**
   * A network whose kernels are made over its parameters.
   *
   * @param weights as {@link simsiam.model.engine.Engine#create} takes them
   * @param maps how feature maps are stored
   */
  Nd4jNet(
      NetworkSpec spec,
      SortedMap<String, Tensor> weights,
      Function<Parameters, Kernels> kernelSet,
      ElementType maps) {
    this.spec = spec;
    this.maps = maps;
    method = Method.of(spec);
    inputs = new InputCheck(spec);
    parameters = new Parameters(NetworkLayout.of(spec));
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
  public NetworkSpec spec() {
    return spec;
  }

  @Override
  public StepMetrics step(float[] views, int batch, int size, Rates rates) {
    StepMetrics metrics = gradients(views, batch, size);
    long start = System.nanoTime();
    kernels.update(rates);
    updateNanos += System.nanoTime() - start;
    return metrics;
  }

  /** Forward and backward pass alone, which leaves the gradients to be exported. */
  StepMetrics gradients(float[] views, int batch, int size) {
    checkOpen("train");
    inputs.checkStep(views, batch, size);
    if (training == null || !training.fits(batch, size)) {
      closeTraining();
      training = new TrainingStep(method, kernels, batch, size, maps);
    }
    return training.run(views);
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
    if (encoder == null || !encoder.fits(count, size, taps)) {
      closeEncoder();
      encoder = new EvalEncoder(method.encoder(), kernels, count, size, taps, this.maps);
    }
    encoder.encode(images, count, features, maps);
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

  private void closeEncoder() {
    if (encoder != null) {
      encoder.close();
      encoder = null;
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      closeTraining();
      closeEncoder();
      kernels.close();
      parameters.close();
    }
  }
}
