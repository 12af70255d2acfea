package simsiam.pipelines.bench.training;

import java.util.List;
import simsiam.model.bench.MachineLimits;
import simsiam.model.bench.MeasuredEngines;
import simsiam.model.engine.Device;
import simsiam.model.engine.Engine;
import simsiam.model.engine.Precision;
import simsiam.model.engine.nd4j.Nd4jEngine;
import simsiam.model.engine.nd4j.Nd4jOpsEngine;
import simsiam.model.engine.nd4j.bench.Nd4jLimits;
import simsiam.model.engine.torch.TorchEngine;
import simsiam.model.engine.torch.TorchSettings;
import simsiam.model.engine.torch.bench.TorchLimits;

/**
 * The engines that a device is measured by: libtorch's, or ND4J's on the CPU of a build without.
 */
final class DeviceEngines {
  private DeviceEngines() {}

  /**
   * Those of a device.
   *
   * @throws IllegalStateException if it is a CUDA device, and libtorch cannot use it
   */
  static MeasuredEngines of(Device device) {
    return device.isCpu() && !TorchEngine.isAvailable() ? new Host() : new Torch(device);
  }

  private record Torch(Device device) implements MeasuredEngines {
    Torch {
      new TorchEngine(new TorchSettings(device, Precision.FP32, 0)); // refused before any work
    }

    @Override
    public List<Precision> precisions() {
      return device.isCuda()
          ? List.of(Precision.FP32, Precision.TF32, Precision.BF16)
          : List.of(Precision.FP32, Precision.BF16);
    }

    @Override
    public Engine engine(Precision precision, boolean deterministic) {
      return new TorchEngine(new TorchSettings(device, precision, 0, deterministic, 0));
    }

    @Override
    public Engine reference() {
      return device.isCuda() ? new TorchEngine(TorchSettings.cpu()) : new Nd4jEngine();
    }

    @Override
    public MachineLimits limits() {
      return device.isCuda()
          ? TorchLimits.measure(device, 8192, 256 << 20)
          : Nd4jLimits.measure(); // of the machine, whoever reaches them
    }
  }

  private record Host() implements MeasuredEngines {
    @Override
    public List<Precision> precisions() {
      return Nd4jEngine.bfloat16Problem().isEmpty()
          ? List.of(Precision.FP32, Precision.BF16)
          : List.of(Precision.FP32);
    }

    @Override
    public Engine engine(Precision precision, boolean deterministic) {
      return new Nd4jEngine(precision);
    }

    @Override
    public Engine reference() {
      return Nd4jOpsEngine.cpu();
    }

    @Override
    public MachineLimits limits() {
      return Nd4jLimits.measure();
    }
  }
}
