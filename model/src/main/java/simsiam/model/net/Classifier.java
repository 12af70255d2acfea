package simsiam.model.net;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import simsiam.model.config.Checks;
import simsiam.model.net.ParameterSpec.Initial;

/**
 * A supervised classifier: an encoder and a linear head, trained end to end on one augmented view
 * of each image by softmax cross-entropy. Steps are given the probabilities of the classes, of a
 * label a row with one 1 (block 0, [N, classes]). The head is torchvision's {@code fc}, and has the
 * {@link simsiam.model.engine.Rates#predictor} rate.
 *
 * @param backbone from pixels to features
 * @param head from features to logits
 */
public record Classifier(Network backbone, Network head) implements Method {
  private static final String HEAD = "fc";
  private static final int MAX_CLASSES = 1_000_000;

  /** A head that starts near zero on an encoder of this kind. */
  public static Classifier of(EncoderSpec encoder, int classes) {
    new Checks().atLeast("classes", classes, 2).atMost("classes", classes, MAX_CLASSES).done();
    Network backbone = ResNet.of(encoder);
    int features = encoder.featureDim();
    Node linear = new Node.Linear(HEAD, backbone.output(), features, classes, true, Initial.NORMAL);
    Network head = new Network(backbone.output(), features, List.of(linear), Map.of());
    return new Classifier(backbone, head);
  }

  /**
   * Initial weights.
   *
   * @param trained weights of which the backbone's are taken, as a checkpoint has them; empty: all
   *     are random
   * @param seed of the random ones
   * @throws IllegalArgumentException if there are weights, and none for a tensor of the backbone
   */
  public SortedMap<String, Tensor> initialise(SortedMap<String, Tensor> trained, long seed) {
    SortedMap<String, Tensor> weights = NetworkLayout.of(this).initialise(seed);
    if (!trained.isEmpty()) {
      for (ParameterSpec parameter : backbone.parameters()) {
        Tensor tensor = trained.get(parameter.name());
        if (tensor == null) {
          throw new IllegalArgumentException(
              "Cannot initialise a classifier: expected weights of its encoder, got none (%s)"
                  .formatted(parameter.name()));
        }
        weights.put(parameter.name(), tensor);
      }
    }
    return weights;
  }

  /** Number of classes. */
  public int classes() {
    return head.shapes(Shape.vector(head.channels())).get(head.output()).channels();
  }

  @Override
  public int views() {
    return 1;
  }

  @Override
  public List<Part> parts() {
    return List.of(new Part(backbone, true, false), new Part(head, true, true));
  }

  @Override
  public List<Term> terms() {
    return List.of(new Term(1, new Output(head.output(), 0), new Given(0), true));
  }

  @Override
  public Loss loss() {
    return new Loss.CrossEntropy();
  }

  /** The logits: their deviation says little of a classifier. */
  @Override
  public String watched() {
    return head.output();
  }
}
