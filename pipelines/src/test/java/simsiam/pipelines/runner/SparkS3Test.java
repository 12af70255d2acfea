package simsiam.pipelines.runner;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import simsiam.pipelines.remote.S3Server;
import simsiam.pipelines.remote.TestStore;
import simsiam.pipelines.stage.Runner;
import simsiam.pipelines.stage.RunnerOptions;

/** A Spark cluster whose executors read from S3 and write there. */
@Tag("spark-s3")
class SparkS3Test extends RemotePipelinesContract {
  @Override
  TestStore store(Path files) throws Exception {
    return new S3Server(files, "spark");
  }

  @Override
  Map<String, String> run(Study study, Path output, TestStore store) throws Exception {
    try (SparkSettings settings = new SparkSettings();
        SparkCluster cluster = new SparkCluster(folder.resolve("cluster"), store.environment())) {
      settings.set();
      List<String> options = new ArrayList<>(store.options());
      options.add("--sparkMaster=" + cluster.address());
      return study.run(output, new RunnerOptions(Runner.SPARK, options));
    }
  }
}
