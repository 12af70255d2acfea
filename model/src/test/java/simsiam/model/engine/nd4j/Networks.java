package simsiam.model.engine.nd4j;

import java.util.Random;
import java.util.SortedMap;
import simsiam.model.engine.nd4j.host.HostKernels;
import simsiam.model.engine.nd4j.plan.ElementType;
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

/** Small networks and batches for tests: the narrowest ResNet-10, heads of 16, and variations. */
public final class Networks {
  public static final EncoderSpec ENCODER = new EncoderSpec(Arch.RESNET10, Stem.CIFAR, 4, false);
  public static final ProjectorSpec PROJECTOR = new ProjectorSpec(2, 16, true, true, true);
  public static final PredictorSpec PREDICTOR =
      new PredictorSpec(PredictorKind.MLP, 8, true, false);
  public static final ObjectiveSpec OBJECTIVE =
      new ObjectiveSpec(Similarity.COSINE, true, Symmetry.SYMMETRIC);

  private Networks() {}

  public static NetworkSpec small() {
    return new NetworkSpec(ENCODER, PROJECTOR, PREDICTOR, OBJECTIVE);
  }

  public static NetworkSpec with(EncoderSpec encoder) {
    return new NetworkSpec(encoder, PROJECTOR, PREDICTOR, OBJECTIVE);
  }

  public static NetworkSpec with(ProjectorSpec projector) {
    return new NetworkSpec(ENCODER, projector, PREDICTOR, OBJECTIVE);
  }

  public static NetworkSpec with(PredictorSpec predictor) {
    return new NetworkSpec(ENCODER, PROJECTOR, predictor, OBJECTIVE);
  }

  public static NetworkSpec with(PredictorKind kind) {
    return with(new PredictorSpec(kind, 8, true, false));
  }

  public static NetworkSpec with(ObjectiveSpec objective) {
    return new NetworkSpec(ENCODER, PROJECTOR, PREDICTOR, objective);
  }

  public static NetworkSpec with(Similarity similarity, boolean stopGradient, Symmetry symmetry) {
    return with(new ObjectiveSpec(similarity, stopGradient, symmetry));
  }

  /** A network with the kernels of the CPU. */
  static Nd4jNet net(NetworkSpec spec, SortedMap<String, Tensor> weights, int threads) {
    return new Nd4jNet(
        Method.of(spec),
        weights,
        parameters -> new HostKernels(parameters, threads),
        ElementType.FLOAT32);
  }

  /** Standard normal pixels, [images, size, size, 3]. */
  public static float[] pixels(int images, int size, long seed) {
    Random random = new Random(seed);
    float[] pixels = new float[images * size * size * 3];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    return pixels;
  }
}
