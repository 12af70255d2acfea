package simsiam.model.net;

import java.util.List;

/**
 * A method of self-supervised learning as engines need to know it: the networks that every view of
 * an image goes through, and what the loss compares. Letters: N images, V views, d channels.
 */
public sealed interface Method permits SimSiam {
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
                    || (!term.stopGradient() && term.target().view() == view));
  }

  /**
   * A network and how it is trained.
   *
   * @param trained false if it stays at its initial weights, though gradients pass through it
   * @param predictor whether it has the predictor's learning rate
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

  /** The matrix [N, d] that a node makes of one view, 0 to V - 1, of every image. */
  record Output(String node, int view) {}

  /**
   * {@code weight} times the mean over the batch of the distance from a prediction to its target,
   * row by row.
   *
   * @param stopGradient whether the target is held constant
   */
  record Term(double weight, Output prediction, Output target, boolean stopGradient) {}
}
