package simsiam.model.engine;

import java.util.ArrayList;
import java.util.List;
import simsiam.model.engine.nd4j.Nd4jEngine;
import simsiam.model.engine.nd4j.Nd4jOpsEngine;
import simsiam.model.engine.torch.TorchEngine;
import simsiam.model.engine.torch.TorchSettings;

/** The engines under contract, each on the CPU in float32. */
final class Engines {
  private Engines() {}

  static List<Engine> all() {
    List<Engine> all = new ArrayList<>(nd4j());
    all.add(torch());
    return all;
  }

  /** One of each set of kernels. */
  static List<Engine> nd4j() {
    return List.of(new Nd4jEngine(), Nd4jOpsEngine.cpu());
  }

  static Engine torch() {
    return new TorchEngine(TorchSettings.cpu());
  }
}
