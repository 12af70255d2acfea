package simsiam.model.engine.nd4j;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import simsiam.model.engine.StepMetrics;
import simsiam.model.engine.nd4j.Operation.Kind;
import simsiam.model.net.HeadLayer;
import simsiam.model.net.Method;
import simsiam.model.net.NetworkSpec;
import simsiam.model.net.ResNetPlan;

/**
 * Forward and backward pass of a network bound to one batch and image size: all memory is taken
 * here, none in a step.
 */
final class TrainingStep implements AutoCloseable {
  private final Arena arena;
  private final FeatureMap pixels;
  private final Program forward = new Program();
  private final Program backward = new Program();
  private final Objective objective;
  private final FeatureMap featureGradient;
  private final int batch;
  private final int size;

  TrainingStep(NetworkSpec spec, Parameters parameters, int batch, int size, Workers workers) {
    this.batch = batch;
    this.size = size;
    Method method = Method.of(spec);
    int views = method.views();
    arena = new Arena(workers);
    try {
      Layers layers = new Layers(parameters, arena, views, true);
      pixels = arena.map(new MapShape(Math.multiplyExact(views, batch), size, size, 3));
      TrainingBackbone backbone =
          new TrainingBackbone(ResNetPlan.of(spec.encoder()), pixels, layers, forward, backward);
      Head projector =
          new Head(
              HeadLayer.projector(spec), backbone.features(), backbone.featureGradient(), layers);
      featureGradient = backbone.featureGradient();
      forward.addAll(projector.forward());
      objective = addLoss(spec, method, projector, layers);
    } catch (RuntimeException | Error e) { // a map too large, or no memory for one more
      close();
      throw e;
    }
  }

  /** Predictor and loss; the projector's backward pass starts from both. */
  private Objective addLoss(NetworkSpec spec, Method method, Head projector, Layers layers) {
    FeatureMap z = projector.output();
    FeatureMap asTarget = spec.objective().stopGradient() ? null : arena.map(z.shape());
    FeatureMap asInput = arena.map(z.shape());
    backward.addFirst(projector.backward(new Gradient(asInput, asTarget)));
    List<HeadLayer> layersOfPredictor = HeadLayer.predictor(spec);
    Objective result;
    if (layersOfPredictor.isEmpty()) {
      result = new Objective(method, z, z, asTarget, asInput, arena.workers());
    } else {
      Head predictor = new Head(layersOfPredictor, z, asInput, layers);
      FeatureMap p = predictor.output();
      FeatureMap pGradient = arena.map(p.shape());
      forward.addAll(predictor.forward());
      backward.addFirst(predictor.backward(Gradient.of(pGradient)));
      result = new Objective(method, z, p, asTarget, pGradient, arena.workers());
    }
    forward.add(Kind.LOSS, result::run);
    return result;
  }

  boolean fits(int otherBatch, int otherSize) {
    return batch == otherBatch && size == otherSize;
  }

  /** Loss of the views, and the gradients of all parameters. */
  StepMetrics run(float[] views) {
    pixels.values().put(0, views, 0, Math.toIntExact(pixels.shape().size()));
    forward.run();
    backward.run();
    return objective.metrics();
  }

  /** Gradient of the pooled features, [V·N, D]. */
  FeatureMap featureGradient() {
    return featureGradient;
  }

  /** Nanoseconds by kind of operation since this step was bound. */
  Map<Kind, Long> nanos() {
    Map<Kind, Long> sum = new EnumMap<>(forward.nanos());
    backward.nanos().forEach((kind, nanos) -> sum.merge(kind, nanos, Long::sum));
    return sum;
  }

  @Override
  public void close() {
    arena.close();
  }
}
