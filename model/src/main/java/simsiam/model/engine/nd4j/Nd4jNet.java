package simsiam.model.engine.nd4j;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import simsiam.model.engine.InputCheck;
import simsiam.model.engine.OperationTimes;
import simsiam.model.engine.Rates;
import simsiam.model.engine.StepMetrics;
import simsiam.model.engine.TrainingNet;
import simsiam.model.engine.nd4j.Operation.Kind;
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
  private final Workers workers;
  private final Parameters parameters;
  private final HeavyBall optimizer;
  private TrainingStep training;
  private EvalEncoder encoder;
  private boolean closed;
  private long updateNanos;

  Nd4jNet(NetworkSpec spec, SortedMap<String, Tensor> weights, int threads) {
    this.spec = spec;
    inputs = new InputCheck(spec);
    workers = new Workers(threads);
    parameters = parameters(spec);
    optimizer = new HeavyBall(parameters, workers);
    try {
      parameters.importWeights(weights);
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private Parameters parameters(NetworkSpec of) {
    try {
      return new Parameters(NetworkLayout.of(of));
    } catch (RuntimeException | Error e) {
      workers.close();
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
    optimizer.step(rates);
    updateNanos += System.nanoTime() - start;
    return metrics;
  }

  /** Forward and backward pass alone, which leaves the gradients to be exported. */
  StepMetrics gradients(float[] views, int batch, int size) {
    checkOpen("train");
    inputs.checkStep(views, batch, size);
    if (training == null || !training.fits(batch, size)) {
      closeTraining();
      training = new TrainingStep(spec, parameters, batch, size, workers);
    }
    return training.run(views);
  }

  @Override
  public void encode(float[] images, int count, int size, float[] features) {
    checkOpen("encode");
    inputs.checkEncode(images, count, size, features);
    if (encoder == null || !encoder.fits(count, size)) {
      closeEncoder();
      encoder = new EvalEncoder(spec.encoder(), parameters, count, size, workers);
    }
    encoder.encode(images, count, features);
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
      parameters.close();
      workers.close();
    }
  }
}
