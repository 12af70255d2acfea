package simsiam.model.engine;

import java.util.Locale;
import simsiam.model.engine.nd4j.Nd4jEngine;
import simsiam.model.engine.torch.TorchEngine;
import simsiam.model.engine.torch.TorchSettings;
import simsiam.model.train.Device;
import simsiam.model.train.EngineChoice;
import simsiam.model.train.Precision;
import simsiam.model.train.TrainSpec;

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
    return switch (train.engine()) {
      case TORCH -> new EngineSelection(torch(train), "train.engine is torch");
      case ND4J -> new EngineSelection(nd4j(train), "train.engine is nd4j");
      case AUTO -> auto(train);
    };
  }

  private static EngineSelection auto(TrainSpec train) {
    if (train.device() != Device.CPU && TorchEngine.isCudaAvailable()) {
      return new EngineSelection(torch(train), "libtorch finds a CUDA device");
    }
    return new EngineSelection(nd4j(train), "there is no CUDA device that libtorch can use");
  }

  private static Engine torch(TrainSpec train) {
    return new TorchEngine(new TorchSettings(train.device(), train.precision(), 0));
  }

  private static Engine nd4j(TrainSpec train) {
    if (train.device() == Device.CUDA) {
      throw new IllegalStateException(
          "Cannot train on CUDA: expected a CUDA device and a build with -Ptorch-cuda, got none (train.device is cuda, train.engine is "
              + (train.engine() == EngineChoice.AUTO ? "auto" : "nd4j, which runs on the CPU")
              + ")");
    }
    if (train.precision() != Precision.FP32) {
      throw new IllegalArgumentException(
          "Cannot train: expected train.precision fp32 on the nd4j engine, got "
              + train.precision().name().toLowerCase(Locale.ROOT));
    }
    return new Nd4jEngine();
  }
}
