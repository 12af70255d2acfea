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

/** A Flink cluster whose workers read from S3 and write there. */
@Tag("flink-s3")
class FlinkS3Test extends RemotePipelinesContract {
  @Override
  TestStore store(Path files) throws Exception {
    return new S3Server(files, "flink");
  }

  @Override
  Map<String, String> run(Study study, Path output, TestStore store) throws Exception {
    try (FlinkCluster cluster =
        new FlinkCluster(folder.resolve("cluster"), 2, store.environment())) {
      List<String> options = new ArrayList<>(store.options());
      options.addAll(List.of("--flinkMaster=" + cluster.address(), "--parallelism=3"));
      return study.run(output, new RunnerOptions(Runner.FLINK, options));
    }
  }
}
