package simsiam.model.bench;

import java.util.List;
import simsiam.model.engine.Engine;
import simsiam.model.engine.Precision;

/** What can be measured on one device. */
public interface MeasuredEngines {
  /** The precisions that it has, float32 first. */
  List<Precision> precisions();

  /**
   * An engine on it.
   *
   * @param deterministic whether its bits must repeat
   */
  Engine engine(Precision precision, boolean deterministic);

  /** Another one, in float32 on the CPU, that it is held against. */
  Engine reference();

  /** The most that the device can do. */
  MachineLimits limits();
}
