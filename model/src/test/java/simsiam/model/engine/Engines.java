package simsiam.model.engine;

import java.util.List;
import simsiam.model.engine.nd4j.Nd4jEngine;
import simsiam.model.engine.torch.TorchEngine;
import simsiam.model.engine.torch.TorchSettings;

/** The engines under contract, each on the CPU in float32. */
final class Engines {
  private Engines() {}

  static List<Engine> all() {
    return List.of(new Nd4jEngine(), new TorchEngine(TorchSettings.cpu()));
  }
}
