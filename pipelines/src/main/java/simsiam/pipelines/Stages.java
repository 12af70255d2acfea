package simsiam.pipelines;

import java.util.ArrayList;
import java.util.List;
import simsiam.pipelines.stage.Stage;
import simsiam.pipelines.stages.FeaturesStage;
import simsiam.pipelines.stages.FewShotStage;
import simsiam.pipelines.stages.FineTuneStage;
import simsiam.pipelines.stages.KnnStage;
import simsiam.pipelines.stages.LayersStage;
import simsiam.pipelines.stages.LinearAugmentedStage;
import simsiam.pipelines.stages.LinearStage;
import simsiam.pipelines.stages.PreprocessStage;
import simsiam.pipelines.stages.PretrainStage;
import simsiam.pipelines.stages.ProbeStage;
import simsiam.pipelines.stages.ReportStage;
import simsiam.pipelines.stages.ShardStage;
import simsiam.pipelines.stages.SvmStage;
import simsiam.pipelines.stages.TransferStage;

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
