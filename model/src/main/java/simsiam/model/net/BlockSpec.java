package simsiam.model.net;

import java.util.List;
import java.util.Optional;

/**
 * A residual block: convolutions in order (ReLU after each but the last), a 1×1 convolution on the
 * shortcut where shape changes, then the sum and a ReLU.
 */
public record BlockSpec(List<ConvSpec> convolutions, Optional<ConvSpec> downsample) {
  public BlockSpec {
    convolutions = List.copyOf(convolutions);
  }

  public int out() {
    return convolutions.get(convolutions.size() - 1).out();
  }
}
