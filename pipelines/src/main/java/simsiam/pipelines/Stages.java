package simsiam.pipelines;

import java.util.ArrayList;
import java.util.List;
import simsiam.pipelines.stage.Stage;
import simsiam.pipelines.stages.data.PreprocessStage;
import simsiam.pipelines.stages.data.ShardStage;
import simsiam.pipelines.stages.evaluate.FeaturesStage;
import simsiam.pipelines.stages.evaluate.FewShotStage;
import simsiam.pipelines.stages.evaluate.FineTuneStage;
import simsiam.pipelines.stages.evaluate.KnnStage;
import simsiam.pipelines.stages.evaluate.LayersStage;
import simsiam.pipelines.stages.evaluate.LinearAugmentedStage;
import simsiam.pipelines.stages.evaluate.LinearStage;
import simsiam.pipelines.stages.evaluate.ProbeStage;
import simsiam.pipelines.stages.evaluate.SvmStage;
import simsiam.pipelines.stages.evaluate.TransferStage;
import simsiam.pipelines.stages.pretrain.PretrainStage;
import simsiam.pipelines.stages.report.ReportStage;

/**
 * The stages of the product, in order. Making them must be cheap: Beam, engines and readers are
 * loaded when a stage runs.
 */
public final class Stages {
  private Stages() {}

  /** The data stages, pre-training, features, the evaluations, and the report on all of them. */
  public static List<Stage> all() {
    List<Stage> reported =
        List.of(
            new ShardStage(),
            new PretrainStage(),
            new FeaturesStage(),
            new KnnStage(),
            new ProbeStage(),
            new FewShotStage(),
            new LinearStage(),
            new LinearAugmentedStage(),
            new FineTuneStage(),
            new SvmStage(),
            new LayersStage(),
            new TransferStage());
    List<Stage> all = new ArrayList<>(List.of(new PreprocessStage()));
    all.addAll(reported);
    all.add(new ReportStage(reported.stream().map(Stage::name).toList()));
    return List.copyOf(all);
  }
}
