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
  public ProjectorSpec {
    new Checks().atLeast("layers", layers, 1).atLeast("dim", dim, 2).done();
  }
}
