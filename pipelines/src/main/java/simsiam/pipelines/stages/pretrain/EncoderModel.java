package simsiam.pipelines.stages.pretrain;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import simsiam.mlflow.ModelOutput;
import simsiam.mlflow.ModelOutput.Registration;
import simsiam.model.train.Checkpoint;
import simsiam.model.train.EncoderExport;
import simsiam.model.train.EpochRecord;
import simsiam.pipelines.config.TrackingSpec;
import simsiam.pipelines.config.load.ConfigValues;
import simsiam.pipelines.stage.StageContext;
import simsiam.pipelines.stage.StageTracking;

/** The encoder of a finished pre-training as a model of the experiment tracker. */
public final class EncoderModel {
  /** Its name in the run that made it. */
  public static final String NAME = "encoder";

  private static final String FILE = "encoder.safetensors";

  private EncoderModel() {}

  /** Writes the encoder into the stage's output and logs it, with what training ended with. */
  static void log(StageContext context, Checkpoint last) throws IOException {
    EncoderExport export = EncoderExport.of(last);
    Path file = context.output().resolve(FILE);
    export.write(file);
    Map<String, String> params = new TreeMap<>();
    ConfigValues.slice(context.config(), PretrainStage.KEYS)
        .forEach((key, value) -> params.put(key, String.valueOf(value)));
    Map<String, String> flavor = new TreeMap<>(export.metadata());
    flavor.put("weights", FILE);
    TrackingSpec tracked = context.config().tracking();
    StageTracking tracking = context.tracking();
    tracking.model(
        new ModelOutput(
            NAME,
            "encoder",
            last.state().step(),
            params,
            flavor,
            Map.of(FILE, file),
            new Registration(tracked.registerModel(), tracked.modelAlias())));
    EpochRecord end = last.state().history().get(last.state().history().size() - 1);
    tracking.measure("epoch/loss", end.loss(), end.epoch());
    tracking.measure("epoch/output_std", end.outputStd(), end.epoch());
    tracking.measure("epoch/collapse_level", end.collapseLevel(), end.epoch());
    end.evaluations()
        .forEach((name, value) -> tracking.measure("epoch/" + name, value, end.epoch()));
  }
}
