package simsiam.model.engine.torch;

import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import simsiam.model.net.Loss;
import simsiam.model.net.Loss.CrossEntropySimilarity;
import simsiam.model.net.Loss.NegativeCosine;
import simsiam.model.net.Method;

/** The loss of paper §3: D(p, z) of the pairs of views that the method compares. */
record TorchObjective(Method method) {
  /**
   * The loss, a scalar in float32.
   *
   * @param p predictions [N, d] of each view
   * @param z projections [N, d] of each view
   */
  Tensor loss(List<Tensor> p, List<Tensor> z) {
    Tensor sum = null;
    for (Method.Term term : method.terms()) {
      Tensor target = z.get(term.target().view());
      Tensor distance =
          distance(p.get(term.prediction().view()), term.stopGradient() ? target.detach() : target);
      Tensor weighted = distance.mul(new Scalar(term.weight()));
      sum = sum == null ? weighted : sum.add(weighted);
    }
    return sum;
  }

  private Tensor distance(Tensor p, Tensor z) {
    Tensor product =
        method
            .loss()
            .accept(
                new Loss.Visitor<Tensor>() {
                  @Override
                  public Tensor negativeCosine(NegativeCosine loss) {
                    return torch.normalize(p).mul(torch.normalize(z));
                  }

                  @Override
                  public Tensor crossEntropySimilarity(CrossEntropySimilarity loss) {
                    return torch.softmax(z, 1).mul(torch.log_softmax(p, 1));
                  }
                });
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
