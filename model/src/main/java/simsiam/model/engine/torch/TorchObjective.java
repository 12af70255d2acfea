package simsiam.model.engine.torch;

import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import simsiam.model.net.ObjectiveSpec;

/** The loss of paper §3: the mean of D(p, z) over the batch and over the pairs of views taken. */
record TorchObjective(ObjectiveSpec spec) {

  /** D(p of view {@code predicted}, z of view {@code target}). */
  private record Pair(int predicted, int target) {}

  private List<Pair> pairs() {
    return switch (spec.symmetry()) {
      case SYMMETRIC -> List.of(new Pair(0, 1), new Pair(1, 0));
      case ASYMMETRIC -> List.of(new Pair(0, 1));
      case ASYMMETRIC_2X -> List.of(new Pair(0, 1), new Pair(2, 3));
    };
  }

  /** Whether the loss has a gradient through a view; the others need no graph. */
  boolean differentiates(int view) {
    return pairs().stream()
        .anyMatch(
            pair -> pair.predicted() == view || (!spec.stopGradient() && pair.target() == view));
  }

  /**
   * The loss, a scalar in float32.
   *
   * @param p predictions [N, d] of each view
   * @param z projections [N, d] of each view
   */
  Tensor loss(List<Tensor> p, List<Tensor> z) {
    Tensor sum = null;
    List<Pair> pairs = pairs();
    for (Pair pair : pairs) {
      Tensor target = z.get(pair.target());
      Tensor term =
          distance(p.get(pair.predicted()), spec.stopGradient() ? target.detach() : target);
      sum = sum == null ? term : sum.add(term);
    }
    return sum.div(new Scalar((double) pairs.size()));
  }

  private Tensor distance(Tensor p, Tensor z) {
    Tensor product =
        switch (spec.similarity()) {
          case COSINE -> torch.normalize(p).mul(torch.normalize(z));
          case CROSS_ENTROPY -> torch.softmax(z, 1).mul(torch.log_softmax(p, 1));
        };
    return product.sum(1).mean().neg();
  }

  /** Mean over channels and views of the deviation of z/|z| over the batch, a scalar. */
  static Tensor outputStd(List<Tensor> z) {
    Tensor sum = null;
    for (Tensor view : z) {
      Tensor std = torch.std(torch.normalize(view.detach()), new long[] {0}, true, false).mean();
      sum = sum == null ? std : sum.add(std);
    }
    return sum.div(new Scalar((double) z.size()));
  }
}
