package simsiam.eval.features;

import java.util.List;
import java.util.SortedMap;
import simsiam.model.engine.Rates;
import simsiam.model.engine.StepMetrics;
import simsiam.model.engine.Tap;
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

/** An encoder whose feature is the image's first value, repeated; it only encodes. */
record FirstPixels(List<Integer> batches) implements TrainingNet {
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
    batches.add(count);
    int dim = featureDim();
    for (int i = 0; i < count * dim; i++) {
      features[i] = images[i / dim * 3 * size * size];
    }
  }

  /** Value v of tap t of an image is the image's first value, times 1,000, plus 100·t + v. */
  @Override
  public void encode(
      float[] images, int count, int size, float[] features, List<Tap> taps, List<float[]> maps) {
    encode(images, count, size, features);
    for (int tap = 0; tap < taps.size(); tap++) {
      int length = taps.get(tap).length(method().encoder(), size);
      for (int i = 0; i < count * length; i++) {
        maps.get(tap)[i] = 1000 * images[i / length * 3 * size * size] + 100 * tap + i % length;
      }
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
