package simsiam.pipelines.stages;

import simsiam.model.engine.Device;
import simsiam.model.engine.Engine;
import simsiam.model.engine.Precision;
import simsiam.model.train.EngineChoice;
import simsiam.model.train.EngineSelection;
import simsiam.pipelines.config.RunConfig;

/**
 * The engine of stages that evaluate: a GPU that this build and machine can use, unless {@code
 * train.device} is cpu, else the CPU; always in float32. What training ran on has no part in it, so
 * that an encoder trained elsewhere, on a GPU or in bf16, is evaluated where its workspace is.
 */
public final class EvaluationEngine {
  private EvaluationEngine() {}

  public static Engine of(RunConfig config) {
    Device device = config.train().device() == Device.CPU ? Device.CPU : Device.AUTO;
    return EngineSelection.of(EngineChoice.AUTO, device, Precision.FP32).engine();
  }
}
