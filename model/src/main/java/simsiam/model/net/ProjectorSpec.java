package simsiam.model.net;

import simsiam.model.config.Checks;

/**
 * The projection MLP: {@code layers} linear layers of width {@code dim}, ReLU between them (paper
 * §3; two layers for CIFAR-10, three for ImageNet).
 *
 * @param outputAffine whether the output batch norm has a scale and a shift
 */
public record ProjectorSpec(
    int layers, int dim, boolean hiddenBatchNorm, boolean outputBatchNorm, boolean outputAffine) {
  private static final int MAX_LAYERS = 100;

  /** Of the heads' layers. */
  static final int MAX_DIM = 1_000_000;

  public ProjectorSpec {
    new Checks()
        .atLeast("layers", layers, 1)
        .atMost("layers", layers, MAX_LAYERS)
        .atLeast("dim", dim, 2)
        .atMost("dim", dim, MAX_DIM)
        .done();
  }
}
