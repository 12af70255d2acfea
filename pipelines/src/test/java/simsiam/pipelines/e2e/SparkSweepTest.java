package simsiam.pipelines.e2e;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import simsiam.pipelines.runner.SparkCluster;
import simsiam.pipelines.runner.SparkSettings;

/** A sweep on two Workers, each with an executor. */
@Tag("spark")
class SparkSweepTest extends ClusterSweepContract {
  @Override
  Cluster start(Path place) throws Exception {
    SparkCluster cluster = new SparkCluster(place, Map.of(), 2);
    return new Cluster() {
      @Override
      public List<String> arguments() {
        return List.of("--runner", "spark", "--", "--sparkMaster=" + cluster.address());
      }

      @Override
      public List<String> javaOptions() {
        return SparkSettings.options();
      }

      /** The Worker first, which would start another executor. */
      @Override
      public void kill(ProcessHandle executor) {
        executor.parent().orElseThrow().destroyForcibly();
        executor.destroyForcibly();
      }

      @Override
      public boolean isIdle() {
        return cluster.executors().isEmpty();
      }

      @Override
      public void close() {
        cluster.close();
      }
    };
  }
}
