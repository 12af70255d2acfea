package simsiam.model.engine.nd4j;

import java.util.List;
import simsiam.model.engine.nd4j.Operation.Kind;
import simsiam.model.net.ResNetPlan;

/** The backbone in training: programs from pixels to pooled features and back. */
final class TrainingBackbone {
  private final Layers layers;
  private final Program forward;
  private final Program backward;
  private final FeatureMap features;
  private final FeatureMap featureGradient;

  TrainingBackbone(
      ResNetPlan plan, FeatureMap pixels, Layers layers, Program forward, Program backward) {
    this.layers = layers;
    this.forward = forward;
    this.backward = backward;
    MapShape stem = pixels.shape().after(plan.stem());
    MapShape first = plan.maxPool() ? MaxPool.shape(stem) : stem;
    GradientBuffers gradients = new GradientBuffers(plan, first, layers.arena());
    FeatureMap x = addStem(plan, pixels, gradients.before(0));
    int blocks = plan.blocks().size();
    for (int i = 0; i < blocks; i++) {
      Gradient gradient = gradients.before(i + 1);
      ResidualBlock block =
          new ResidualBlock(plan.blocks().get(i), layers, x, gradient, gradients.spare(i));
      forward.addAll(block.forward());
      backward.addFirst(block.backward());
      x = block.output();
    }
    features = layers.arena().map(MapShape.matrix(x.shape().batch(), x.shape().channels()));
    featureGradient = layers.arena().map(features.shape());
    addPool(x, gradients.before(blocks).first());
  }

  /** Pooled features, one row an image and view. */
  FeatureMap features() {
    return features;
  }

  /** Where the backward program finds the gradient of the features. */
  FeatureMap featureGradient() {
    return featureGradient;
  }

  /** Convolution, batch norm, ReLU and, where there is one, max-pooling. */
  private FeatureMap addStem(ResNetPlan plan, FeatureMap pixels, Gradient gradient) {
    Arena arena = layers.arena();
    FeatureMap y = arena.map(pixels.shape().after(plan.stem()));
    FeatureMap activation = arena.map(y.shape());
    Convolution convolution = layers.convolution(plan.stem(), pixels, y, null, false);
    BatchNorm norm = layers.norm(plan.stem().norm(), y);
    forward.addAll(convolution.forward());
    forward.add(Kind.NORM_FORWARD, norm::prepare);
    forward.add(Kind.NORM_FORWARD, () -> norm.apply(activation, true));
    backward.addFirst(convolution.backward());
    if (!plan.maxPool()) {
      addNormBackward(norm, gradient);
      return activation;
    }
    FeatureMap pooled = arena.map(gradient.first().shape());
    MaxPool pool = new MaxPool(activation, pooled, layers.workers());
    forward.add(Kind.POOLING, pool::forward);
    addNormBackward(norm, Gradient.of(activation));
    Kernel poolBackward = () -> pool.backward(gradient, activation);
    backward.addFirst(List.of(new Operation(Kind.POOLING, poolBackward)));
    return pooled;
  }

  private void addNormBackward(BatchNorm norm, Gradient gradient) {
    Kernel kernel = () -> norm.backward(gradient, new Mask.ByInput());
    backward.addFirst(List.of(new Operation(Kind.NORM_BACKWARD, kernel)));
  }

  private void addPool(FeatureMap x, FeatureMap gradient) {
    AveragePool pool = new AveragePool(x, features, layers.workers());
    forward.add(Kind.POOLING, pool::forward);
    Kernel poolBackward = () -> pool.backward(featureGradient, gradient);
    backward.addFirst(List.of(new Operation(Kind.POOLING, poolBackward)));
  }
}
