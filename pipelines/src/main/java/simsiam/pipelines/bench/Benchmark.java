package simsiam.pipelines.bench;

import java.io.IOException;
import java.util.List;
import simsiam.pipelines.bench.measure.BenchResult;
import simsiam.pipelines.config.RunConfig;

/** A measurement of this machine at the work of a configuration. */
@FunctionalInterface
public interface Benchmark {
  /** The names of all of them. */
  List<String> NAMES =
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

  /** Measures; takes from seconds to minutes. */
  BenchResult run(RunConfig config) throws IOException;

  /** The one of a name. */
  static Benchmark named(String name) {
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
