package simsiam.model.engine.nd4j;

import java.util.Map;
import java.util.SortedMap;
import simsiam.model.engine.Rates;
import simsiam.model.engine.SiameseNet;
import simsiam.model.engine.StepMetrics;
import simsiam.model.engine.Tensor;
import simsiam.model.engine.nd4j.Operation.Kind;
import simsiam.model.net.NetworkLayout;
import simsiam.model.net.NetworkSpec;

/**
 * A network on ND4J. Memory is bound to the last batch and image size seen, once for training and
 * once for encoding, and freed by {@link #close}.
 */
final class Nd4jSiameseNet implements SiameseNet {
  private final NetworkSpec spec;
  private final Workers workers;
  private final Parameters parameters;
  private final HeavyBall optimizer;
  private TrainingStep training;
  private EvalEncoder encoder;
  private boolean closed;
  private long updateNanos;

  Nd4jSiameseNet(NetworkSpec spec, SortedMap<String, Tensor> weights, int threads) {
    this.spec = spec;
    workers = new Workers(threads);
    parameters = new Parameters(NetworkLayout.of(spec));
    optimizer = new HeavyBall(parameters, workers);
    try {
      parameters.importWeights(weights);
    } catch (IllegalArgumentException e) {
      close();
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
    check("train", batch >= 2, "at least 2 images a batch", batch);
    checkSize("train", size);
    int images = Math.multiplyExact(spec.objective().symmetry().views(), batch);
    checkImages(views, images, size);
    if (training == null || !training.fits(batch, size)) {
      closeTraining();
      training = new TrainingStep(spec, parameters, batch, size, workers);
    }
    return training.run(views);
  }

  @Override
  public void encode(float[] images, int count, int size, float[] features) {
    checkOpen("encode");
    check("encode", count >= 1, "at least 1 image", count);
    checkSize("encode", size);
    checkImages(images, count, size);
    int needed = Math.multiplyExact(count, spec.encoder().featureDim());
    String room = "room for " + needed + " features";
    check("encode", features.length >= needed, room, features.length);
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

  private static void checkSize(String action, int size) {
    check(action, size >= 1, "images of at least 1 pixel a side", size);
  }

  private static void check(String action, boolean ok, String expected, int got) {
    if (!ok) {
      throw new IllegalArgumentException(
          "Cannot %s: expected %s, got %d".formatted(action, expected, got));
    }
  }

  private static void checkImages(float[] pixels, int count, int size) {
    long needed = (long) count * size * size * 3;
    if (pixels.length < needed) {
      throw new IllegalArgumentException(
          "Cannot load images: expected %d values for %d images of %d×%d×3, got %d"
              .formatted(needed, count, size, size, pixels.length));
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

  /** Nanoseconds by kind of operation since the current batch size was first seen. */
  Map<Kind, Long> nanos() {
    Map<Kind, Long> nanos = training.nanos();
    nanos.merge(Kind.UPDATE, updateNanos, Long::sum);
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
