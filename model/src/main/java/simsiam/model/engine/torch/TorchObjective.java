package simsiam.model.engine.torch;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bytedeco.pytorch.NormalizeFuncOptions;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import simsiam.model.net.Loss;
import simsiam.model.net.Loss.CrossEntropy;
import simsiam.model.net.Loss.CrossEntropySimilarity;
import simsiam.model.net.Loss.NegativeCosine;
import simsiam.model.net.Method;

/**
 * The loss of a method, of what nodes make of its views. Everywhere {@code outputs} is, for each
 * view, the float32 matrices [N, d] of the nodes in {@link #nodes}.
 */
record TorchObjective(Method method) {
  /**
   * The nodes whose output for this view (0 to V - 1) the loss or the metrics read. Given rows are
   * not among them, but among {@code outputs}, block b with those of view b.
   */
  Set<String> nodes(int view) {
    return Stream.concat(
            Stream.of(method.watched()),
            method.terms().stream()
                .flatMap(term -> term.outputs().stream())
                .filter(output -> output.view() == view)
                .map(Method.Output::node))
        .collect(Collectors.toSet());
  }

  /** The loss, a scalar. */
  Tensor loss(List<Map<String, Tensor>> outputs) {
    return sum(method.terms().stream().map(term -> weighted(term, outputs)));
  }

  private Tensor weighted(Method.Term term, List<Map<String, Tensor>> outputs) {
    Tensor p = outputs.get(term.prediction().view()).get(term.prediction().node());
    Tensor z = outputs.get(term.target().block()).get(term.target().name());
    return distance(p, term.stopGradient() ? z.detach() : z).mul(new Scalar(term.weight()));
  }

  private Tensor distance(Tensor p, Tensor z) {
    Tensor product =
        method
            .loss()
            .accept(
                new Loss.Visitor<Tensor>() {
                  @Override
                  public Tensor negativeCosine(NegativeCosine loss) {
                    return normalize(p).mul(normalize(z));
                  }

                  @Override
                  public Tensor crossEntropySimilarity(CrossEntropySimilarity loss) {
                    return torch.softmax(z, 1).mul(torch.log_softmax(p, 1));
                  }

                  @Override
                  public Tensor crossEntropy(CrossEntropy loss) {
                    return z.mul(torch.log_softmax(p, 1));
                  }
                });
    return product.sum(1).mean().neg();
  }

  /** Rows over their norms. */
  private static Tensor normalize(Tensor rows) {
    NormalizeFuncOptions options = new NormalizeFuncOptions();
    options.eps().put(NegativeCosine.EPSILON);
    return torch.normalize(rows, options);
  }

  /** Mean over channels and views of the deviation of z/|z| over the batch, a scalar. */
  Tensor outputStd(List<Map<String, Tensor>> outputs) {
    return sum(outputs.stream()
            .map(view -> normalize(view.get(method.watched()).detach()))
            .map(z -> torch.std(z, new long[] {0}, true, false).mean()))
        .div(new Scalar((double) outputs.size()));
  }

  private static Tensor sum(Stream<Tensor> scalars) {
    return scalars.reduce(Tensor::add).orElseThrow();
  }
}
