package simsiam.pipelines.bench;

import java.util.List;
import simsiam.pipelines.bench.data.LoaderBench;
import simsiam.pipelines.bench.data.PreprocessBench;
import simsiam.pipelines.bench.evaluation.EvaluationBench;
import simsiam.pipelines.bench.evaluation.KnnBench;
import simsiam.pipelines.bench.measure.Benchmark;
import simsiam.pipelines.bench.tracking.OutageBench;
import simsiam.pipelines.bench.tracking.TrackingBench;
import simsiam.pipelines.bench.tracking.UploadBench;
import simsiam.pipelines.bench.training.EnduranceBench;
import simsiam.pipelines.bench.training.GpuBench;
import simsiam.pipelines.bench.training.TrainStepBench;

/** All benchmarks, by the names that they have on the command line. */
public final class Benchmarks {
  /** The names of all of them. */
  public static final List<String> NAMES =
      List.of(
          "train-step",
          "gpu",
          "endurance",
          "loader",
          "knn",
          "evaluation",
          "preprocess",
          "tracking",
          "tracking-outages",
          "tracking-upload");

  private Benchmarks() {}

  /** The one of a name. */
  public static Benchmark named(String name) {
    return switch (name) {
      case "train-step" -> TrainStepBench.standard();
      case "gpu" -> GpuBench.standard();
      case "endurance" -> EnduranceBench.standard();
      case "loader" -> LoaderBench.standard();
      case "knn" -> KnnBench.standard();
      case "evaluation" -> EvaluationBench.standard();
      case "preprocess" -> PreprocessBench.standard();
      case "tracking" -> TrackingBench.standard();
      case "tracking-outages" -> OutageBench.standard();
      case "tracking-upload" -> UploadBench.standard();
      default ->
          throw new IllegalArgumentException(
              "Cannot measure " + name + ": expected one of " + String.join(", ", NAMES));
    };
  }
}
