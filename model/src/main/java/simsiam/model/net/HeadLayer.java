package simsiam.model.net;

import java.util.ArrayList;
import java.util.List;

/**
 * One linear layer of the projector or the predictor with what follows it. A linear layer has a
 * bias exactly where no batch norm follows (batch norm would cancel it).
 *
 * <p>Names are slots of a sequential with three slots a layer, whether or not they are filled:
 * {@code projector.0} linear, {@code projector.1} batch norm, {@code projector.2} ReLU, {@code
 * projector.3} linear, and so on.
 *
 * @param affine whether the batch norm has scale and shift
 */
public record HeadLayer(
    String name, String norm, int in, int out, boolean batchNorm, boolean affine, boolean relu) {

  public boolean bias() {
    return !batchNorm;
  }

  public static List<HeadLayer> projector(NetworkSpec network) {
    ProjectorSpec spec = network.projector();
    List<HeadLayer> layers = new ArrayList<>();
    int in = network.encoder().featureDim();
    for (int i = 0; i < spec.layers(); i++) {
      boolean last = i == spec.layers() - 1;
      boolean norm = last ? spec.outputBatchNorm() : spec.hiddenBatchNorm();
      layers.add(layer("projector", i, in, spec.dim(), norm, !last || spec.outputAffine(), !last));
      in = spec.dim();
    }
    return layers;
  }

  /** The predictor's layers; none for {@link PredictorKind#NONE}. */
  public static List<HeadLayer> predictor(NetworkSpec network) {
    PredictorSpec spec = network.predictor();
    if (spec.kind() == PredictorKind.NONE) {
      return List.of();
    }
    int dim = network.projector().dim();
    return List.of(
        layer("predictor", 0, dim, spec.hidden(), spec.hiddenBatchNorm(), true, true),
        layer("predictor", 1, spec.hidden(), dim, spec.outputBatchNorm(), true, false));
  }

  private static HeadLayer layer(
      String head, int index, int in, int out, boolean norm, boolean affine, boolean relu) {
    return new HeadLayer(
        head + "." + 3 * index, head + "." + (3 * index + 1), in, out, norm, affine, relu);
  }
}
