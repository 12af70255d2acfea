package simsiam.model.engine.nd4j;

import java.util.Random;
import simsiam.model.net.Arch;
import simsiam.model.net.EncoderSpec;
import simsiam.model.net.NetworkSpec;
import simsiam.model.net.ObjectiveSpec;
import simsiam.model.net.PredictorKind;
import simsiam.model.net.PredictorSpec;
import simsiam.model.net.ProjectorSpec;
import simsiam.model.net.Similarity;
import simsiam.model.net.Stem;
import simsiam.model.net.Symmetry;

/** Small networks and batches for tests. */
final class Networks {
  private Networks() {}

  static NetworkSpec small() {
    return of(Arch.RESNET10, Stem.CIFAR, PredictorKind.MLP);
  }

  static NetworkSpec of(Arch arch, Stem stem, PredictorKind predictor) {
    return new NetworkSpec(
        new EncoderSpec(arch, stem, 4, false),
        new ProjectorSpec(2, 16, true, true, true),
        new PredictorSpec(predictor, 8, true, false),
        new ObjectiveSpec(Similarity.COSINE, true, Symmetry.SYMMETRIC));
  }

  static NetworkSpec with(NetworkSpec network, ObjectiveSpec objective) {
    return new NetworkSpec(network.encoder(), network.projector(), network.predictor(), objective);
  }

  /** Standard normal pixels, [images, size, size, 3]. */
  static float[] pixels(int images, int size, long seed) {
    Random random = new Random(seed);
    float[] pixels = new float[images * size * size * 3];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    return pixels;
  }
}
