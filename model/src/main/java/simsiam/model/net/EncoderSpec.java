package simsiam.model.net;

import simsiam.model.config.Checks;

/**
 * The backbone.
 *
 * @param width channels of the first stage (64 in the paper); stages double it
 * @param zeroInitResidual whether the last batch-norm scale of every block starts at 0 (paper,
 *     Appendix A)
 */
public record EncoderSpec(Arch arch, Stem stem, int width, boolean zeroInitResidual) {
  private static final int MAX_WIDTH = 4096;

  public EncoderSpec {
    new Checks().atLeast("width", width, 4).atMost("width", width, MAX_WIDTH).done();
  }

  /** D, the channels of the pooled feature. */
  public int featureDim() {
    return width * 8 * arch.expansion();
  }
}
