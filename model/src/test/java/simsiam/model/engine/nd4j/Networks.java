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

/** Small networks and batches for tests: the narrowest ResNet-10, heads of 16, and variations. */
final class Networks {
  static final EncoderSpec ENCODER = new EncoderSpec(Arch.RESNET10, Stem.CIFAR, 4, false);
  static final ProjectorSpec PROJECTOR = new ProjectorSpec(2, 16, true, true, true);
  static final PredictorSpec PREDICTOR = new PredictorSpec(PredictorKind.MLP, 8, true, false);
  static final ObjectiveSpec OBJECTIVE =
      new ObjectiveSpec(Similarity.COSINE, true, Symmetry.SYMMETRIC);

  private Networks() {}

  static NetworkSpec small() {
    return new NetworkSpec(ENCODER, PROJECTOR, PREDICTOR, OBJECTIVE);
  }

  static NetworkSpec with(EncoderSpec encoder) {
    return new NetworkSpec(encoder, PROJECTOR, PREDICTOR, OBJECTIVE);
  }

  static NetworkSpec with(ProjectorSpec projector) {
    return new NetworkSpec(ENCODER, projector, PREDICTOR, OBJECTIVE);
  }

  static NetworkSpec with(PredictorSpec predictor) {
    return new NetworkSpec(ENCODER, PROJECTOR, predictor, OBJECTIVE);
  }

  static NetworkSpec with(PredictorKind kind) {
    return with(new PredictorSpec(kind, 8, true, false));
  }

  static NetworkSpec with(ObjectiveSpec objective) {
    return new NetworkSpec(ENCODER, PROJECTOR, PREDICTOR, objective);
  }

  static NetworkSpec with(Similarity similarity, boolean stopGradient, Symmetry symmetry) {
    return with(new ObjectiveSpec(similarity, stopGradient, symmetry));
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
