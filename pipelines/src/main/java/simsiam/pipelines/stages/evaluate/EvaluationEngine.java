package simsiam.pipelines.stages.evaluate;

import simsiam.model.engine.Device;
import simsiam.model.engine.Engine;
import simsiam.model.engine.Precision;
import simsiam.model.train.EngineSelection;
import simsiam.model.train.spec.EngineChoice;
import simsiam.pipelines.config.RunConfig;

/**
 * The engine of stages that evaluate: a GPU that this build and machine can use, unless {@code
 * train.device} is cpu, else the CPU; in float32 but for features, if asked. What training ran on
 * has no part in it, so that an encoder trained elsewhere, on a GPU or in bf16, is evaluated where
 * its workspace is.
 */
public final class EvaluationEngine {
  private EvaluationEngine() {}

  public static Engine of(RunConfig config) {
    return of(config, Precision.FP32);
  }

  /** One whose encoders have maps of {@code features.precision}. */
  static Engine ofFeatures(RunConfig config) {
    return of(config, config.features().precision());
  }

  private static Engine of(RunConfig config, Precision precision) {
    Device device = config.train().device().ifThere();
    return EngineSelection.of(EngineChoice.AUTO, device, precision).engine();
  }
}
