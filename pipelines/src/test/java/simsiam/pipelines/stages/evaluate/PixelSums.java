package simsiam.pipelines.stages.evaluate;

import java.util.SortedMap;
import simsiam.model.engine.Rates;
import simsiam.model.engine.StepMetrics;
import simsiam.model.engine.TrainingNet;
import simsiam.model.net.Arch;
import simsiam.model.net.EncoderSpec;
import simsiam.model.net.Method;
import simsiam.model.net.NetworkSpec;
import simsiam.model.net.ObjectiveSpec;
import simsiam.model.net.PredictorKind;
import simsiam.model.net.PredictorSpec;
import simsiam.model.net.ProjectorSpec;
import simsiam.model.net.Similarity;
import simsiam.model.net.Stem;
import simsiam.model.net.Symmetry;
import simsiam.model.net.Tensor;

/** An encoder whose features are sums over every D-th value of the image; it only encodes. */
public final class PixelSums implements TrainingNet {
  @Override
  public Method method() {
    return Method.of(
        new NetworkSpec(
            new EncoderSpec(Arch.RESNET10, Stem.CIFAR, 4, false),
            new ProjectorSpec(2, 8, true, true, true),
            new PredictorSpec(PredictorKind.MLP, 4, true, false),
            new ObjectiveSpec(Similarity.COSINE, true, Symmetry.SYMMETRIC)));
  }

  @Override
  public void encode(float[] images, int count, int size, float[] features) {
    int dim = featureDim();
    int values = 3 * size * size;
    for (int i = 0; i < count * dim; i++) {
      float sum = 0;
      for (int at = i % dim; at < values; at += dim) {
        sum += images[i / dim * values + at];
      }
      features[i] = sum;
    }
  }

  @Override
  public StepMetrics step(float[] views, int batch, int size, Rates rates) {
    throw new UnsupportedOperationException();
  }

  @Override
  public SortedMap<String, Tensor> exportWeights() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void importWeights(SortedMap<String, Tensor> weights) {
    throw new UnsupportedOperationException();
  }

  @Override
  public SortedMap<String, Tensor> exportOptimizer() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void importOptimizer(SortedMap<String, Tensor> buffers) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
