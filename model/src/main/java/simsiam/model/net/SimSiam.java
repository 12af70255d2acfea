package simsiam.model.net;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * SimSiam (Chen and He, "Exploring Simple Siamese Representation Learning", 2021). Its Algorithm 1
 *
 * <pre>
 * # f: backbone + projection mlp
 * # h: prediction mlp
 * for x in loader:                    # load a minibatch x with n samples
 *   x1, x2 = aug(x), aug(x)           # random augmentation
 *   z1, z2 = f(x1), f(x2)             # projections, n-by-d
 *   p1, p2 = h(z1), h(z2)             # predictions, n-by-d
 *   L = D(p1, z2)/2 + D(p2, z1)/2     # loss
 *   L.backward()                      # back-propagate
 *   update(f, h)                      # SGD update
 *
 * def D(p, z):                        # negative cosine similarity
 *   z = z.detach()                    # stop gradient
 *   ...
 * </pre>
 *
 * is {@link #terms}; {@link simsiam.model.train.Pretrainer} is its loop, {@link Loss} its D.
 *
 * @param backbone from pixels to features
 * @param projector from features to z; f is backbone and projector
 * @param predictor h; empty for the identity (paper Table 1)
 * @param trainsPredictor false leaves h at its random initial weights (paper Table 1)
 * @param stopGradient whether z is held constant in D(p, z); without it training collapses (paper
 *     §4.1)
 * @param symmetry which halves of the loss are taken (paper §4.6)
 * @param loss D
 * @param givenTargets whether every step is given z, as it was made before (paper §5.2), rather
 *     than to make it: block i of the rows is {@link #targets}' output i
 */
public record SimSiam(
    Network backbone,
    Network projector,
    Optional<Network> predictor,
    boolean trainsPredictor,
    boolean stopGradient,
    Symmetry symmetry,
    Loss loss,
    boolean givenTargets)
    implements Method {

  /** The method as it is configured. */
  public static SimSiam of(NetworkSpec spec) {
    Network backbone = ResNet.of(spec.encoder());
    Network projector =
        Mlp.projector(spec.projector(), backbone.output(), spec.encoder().featureDim());
    PredictorKind kind = spec.predictor().kind();
    Optional<Network> predictor =
        kind == PredictorKind.NONE
            ? Optional.empty()
            : Optional.of(
                Mlp.predictor(spec.predictor(), projector.output(), spec.projector().dim()));
    ObjectiveSpec objective = spec.objective();
    return new SimSiam(
        backbone,
        projector,
        predictor,
        kind == PredictorKind.MLP,
        objective.stopGradient(),
        objective.symmetry(),
        objective.similarity().loss(),
        objective.targets() != Targets.LIVE);
  }

  @Override
  public List<Term> terms() {
    Output z1 = z(1);
    Output z2 = z(2);
    Output p1 = p(1);
    Output p2 = p(2);
    return switch (symmetry) {
      case SYMMETRIC -> List.of(term(0.5, p1, z2), term(0.5, p2, z1));
      case ASYMMETRIC -> List.of(term(1, p1, z2));
      case ASYMMETRIC_2X -> List.of(term(0.5, p1, z2), term(0.5, p(3), z(4)));
    };
  }

  /** The outputs that predictions are compared with, in the order of their views. */
  public List<Output> targets() {
    return switch (symmetry) {
      case SYMMETRIC -> List.of(z(1), z(2));
      case ASYMMETRIC -> List.of(z(2));
      case ASYMMETRIC_2X -> List.of(z(2), z(4));
    };
  }

  /** {@code weight}·D(p, z). */
  private Term term(double weight, Output p, Output z) {
    return givenTargets
        ? new Term(weight, p, new Given(targets().indexOf(z)), true)
        : new Term(weight, p, z, stopGradient);
  }

  /** f(x) of a view, counted from 1 as in the paper. */
  private Output z(int view) {
    return new Output(projector.output(), view - 1);
  }

  /** h(f(x)) of a view, counted from 1 as in the paper. */
  private Output p(int view) {
    return predictor.map(h -> new Output(h.output(), view - 1)).orElseGet(() -> z(view));
  }

  @Override
  public int views() {
    return symmetry.views();
  }

  @Override
  public String watched() {
    return projector.output();
  }

  @Override
  public List<Part> parts() {
    List<Part> parts = new ArrayList<>();
    parts.add(new Part(backbone, true, false));
    parts.add(new Part(projector, true, false));
    predictor.ifPresent(h -> parts.add(new Part(h, trainsPredictor, true)));
    return parts;
  }
}
