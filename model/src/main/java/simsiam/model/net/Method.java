package simsiam.model.net;

import java.util.List;

/**
 * A method of learning as engines need to know it: the networks that every view of an image goes
 * through, and what the loss compares. Letters: N images, V views, d channels.
 */
public sealed interface Method permits SimSiam, Classifier {
  /** The method of a configuration. */
  static Method of(NetworkSpec spec) {
    return SimSiam.of(spec);
  }

  /** V, the augmented views taken of each image. */
  int views();

  /** The networks in the order in which a view goes through them, the encoder first. */
  List<Part> parts();

  /** What is summed to the loss. */
  List<Term> terms();

  /** The distance in every term. */
  Loss loss();

  /** G, the blocks of N rows that every step is given besides pixels, as {@link Given} says. */
  default int given() {
    return terms().stream()
        .map(Term::target)
        .filter(Given.class::isInstance)
        .mapToInt(given -> given.block() + 1)
        .max()
        .orElse(0);
  }

  /**
   * The node whose output z [N, d] of every view is watched for collapse (paper §4.1): the standard
   * deviation over the batch of each channel of z/|z|.
   */
  String watched();

  /** From pixels to the features that are kept after training. */
  default Network encoder() {
    return parts().get(0).network();
  }

  /** All parts joined: what a view goes through in training. */
  default Network network() {
    return parts().stream().map(Part::network).reduce(Network::then).orElseThrow();
  }

  /** All tensors of all parts. */
  default List<ParameterSpec> parameters() {
    return parts().stream().flatMap(part -> part.parameters().stream()).toList();
  }

  /** Whether the loss has a gradient by what is made of this view (0 to V - 1). */
  default boolean differentiates(int view) {
    return terms().stream()
        .anyMatch(
            term ->
                term.prediction().view() == view
                    || (!term.stopGradient() && term.target().block() == view));
  }

  /**
   * A network and how it is trained.
   *
   * @param trained false if it stays at its initial weights, though gradients pass through it
   * @param predictor whether it has the learning rate of its own that SimSiam's predictor and a
   *     classifier's head have
   */
  record Part(Network network, boolean trained, boolean predictor) {
    List<ParameterSpec> parameters() {
      return network.parameters().stream()
          .map(
              p ->
                  new ParameterSpec(
                      p.name(), p.shape(), p.initial(), p.trained() && trained, predictor))
          .toList();
    }
  }

  /** What predictions are compared with: a matrix [N, d]. */
  sealed interface Target permits Output, Given {
    /** Of all blocks of N rows that this is one of: the node that makes them, or a given name. */
    String name();

    /** Which of those blocks: the view, or the given block. */
    int block();
  }

  /** The matrix [N, d] that a node makes of one view, 0 to V - 1, of every image. */
  record Output(String node, int view) implements Target {
    @Override
    public String name() {
      return node;
    }

    @Override
    public int block() {
      return view;
    }
  }

  /**
   * A matrix [N, d] that the step is given: one of G blocks of rows, 0 to G - 1, of which there are
   * no more than views.
   */
  record Given(int block) implements Target {
    /** No node has this name. */
    public static final String NAME = "given";

    @Override
    public String name() {
      return NAME;
    }
  }

  /**
   * {@code weight} times the mean over the batch of the distance from a prediction to its target,
   * row by row.
   *
   * @param stopGradient whether the target is held constant, as one that is given always is
   */
  record Term(double weight, Output prediction, Target target, boolean stopGradient) {
    public Term {
      if (target instanceof Given && !stopGradient) {
        throw new IllegalArgumentException(
            "Cannot make a term: expected a given target to be held constant, got a live one");
      }
    }

    /** The outputs that it reads. */
    public List<Output> outputs() {
      return target instanceof Output output ? List.of(prediction, output) : List.of(prediction);
    }
  }
}
