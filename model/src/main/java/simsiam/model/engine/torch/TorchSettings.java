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
 * @param deterministic whether a CUDA device must give the same bits again; else cuDNN tries its
 *     algorithms and takes the fastest. The CPU always does
 * @param metricsEvery steps whose metrics are read at once, for which the device is waited; 0: 1 on
 *     the CPU, which nothing waits for, and 50 on CUDA
 */
public record TorchSettings(
    Device device, Precision precision, int threads, boolean deterministic, int metricsEvery) {
  private static final int MOST_STEPS = 10_000;

  public TorchSettings {
    new Checks()
        .atLeast("threads", threads, 0)
        .atLeast("metrics_every", metricsEvery, 0)
        .atMost("metrics_every", metricsEvery, MOST_STEPS)
        .done();
  }

  public TorchSettings(Device device, Precision precision, int threads) {
    this(device, precision, threads, false, 0);
  }

  /** Float32 on the CPU. */
  public static TorchSettings cpu() {
    return new TorchSettings(Device.CPU, Precision.FP32, 0);
  }
}
