package simsiam.model.engine.torch;

import simsiam.model.config.Checks;
import simsiam.model.engine.Device;
import simsiam.model.engine.Precision;

/**
 * How libtorch runs.
 *
 * @param device {@link Device#AUTO} takes the first CUDA device if there is one, else the CPU
 * @param precision TF32 needs a CUDA device; BF16 computes convolutions, linear layers and
 *     activations in bfloat16, with weights, running statistics and the loss in float32
 * @param threads CPU threads of one operation; 0 leaves libtorch's choice ({@code OMP_NUM_THREADS},
 *     else the machine's cores)
 */
public record TorchSettings(Device device, Precision precision, int threads) {
  public TorchSettings {
    new Checks().atLeast("threads", threads, 0).done();
  }

  /** Float32 on the CPU. */
  public static TorchSettings cpu() {
    return new TorchSettings(Device.CPU, Precision.FP32, 0);
  }
}
