package simsiam.model.train;

import java.util.Locale;
import java.util.Optional;
import simsiam.model.engine.Device;
import simsiam.model.engine.Engine;
import simsiam.model.engine.Precision;
import simsiam.model.engine.nd4j.Nd4jEngine;
import simsiam.model.engine.torch.TorchEngine;
import simsiam.model.engine.torch.TorchSettings;

/**
 * The engine of a run and why it was chosen.
 *
 * @param reason in words that follow the engine's name
 */
public record EngineSelection(Engine engine, String reason) {

  /**
   * {@code auto} takes libtorch where it finds a CUDA device that it can use, else ND4J on the CPU.
   *
   * @throws IllegalArgumentException if the engine asked for cannot do what the other keys ask
   * @throws IllegalStateException if it cannot run in this build or on this machine
   */
  public static EngineSelection of(TrainSpec train) {
    return of(train.engine(), train.device(), train.precision());
  }

  /** The same by the three keys that decide: {@code train.engine, device} and {@code precision}. */
  public static EngineSelection of(EngineChoice engine, Device device, Precision precision) {
    return switch (engine) {
      case TORCH -> new EngineSelection(torch(device, precision), "train.engine is torch");
      case ND4J -> new EngineSelection(nd4j(device, precision), "train.engine is nd4j");
      case AUTO -> auto(device, precision);
    };
  }

  private static EngineSelection auto(Device device, Precision precision) {
    if (device == Device.CPU) {
      return new EngineSelection(nd4j(device, precision), "train.device is cpu");
    }
    Optional<String> problem = TorchEngine.cudaProblem();
    if (problem.isEmpty()) {
      return new EngineSelection(torch(device, precision), "libtorch finds a CUDA device");
    }
    if (device == Device.CUDA) {
      throw new IllegalStateException(
          "Cannot train on CUDA: expected a CUDA device and a build with -Ptorch-cuda, got none"
              + " (train.device is cuda, train.engine is auto, and "
              + problem.get()
              + ")");
    }
    return new EngineSelection(nd4j(device, precision), problem.get());
  }

  private static Engine torch(Device device, Precision precision) {
    return new TorchEngine(new TorchSettings(device, precision, 0));
  }

  private static Engine nd4j(Device device, Precision precision) {
    if (device == Device.CUDA) {
      throw new IllegalStateException(
          "Cannot train on CUDA: expected train.engine torch or auto, got nd4j, which runs on the"
              + " CPU (train.device is cuda)");
    }
    if (precision != Precision.FP32) {
      throw new IllegalArgumentException(
          "Cannot train: expected train.precision fp32 on the nd4j engine, got "
              + precision.name().toLowerCase(Locale.ROOT));
    }
    return new Nd4jEngine();
  }
}
