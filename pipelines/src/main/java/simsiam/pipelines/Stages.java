package simsiam.pipelines;

import java.util.List;
import simsiam.pipelines.stage.Stage;

/**
 * The stages of the product, in order. Making them must be cheap: Beam, engines and readers are
 * loaded when a stage runs.
 */
public final class Stages {
  private Stages() {}

  /** preprocess, shard, pretrain, features, knn, linear, report. */
  public static List<Stage> all() {
    return List.of();
  }
}
