package simsiam.pipelines.e2e;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import simsiam.pipelines.runner.FlinkCluster;

/** A sweep on two TaskManagers. */
@Tag("flink")
class FlinkSweepTest extends ClusterSweepContract {
  private static final Set<String> OVER = Set.of("FINISHED", "CANCELED", "FAILED");

  @Override
  Cluster start(Path place) throws Exception {
    FlinkCluster cluster = FlinkCluster.withoutRestarts(place, 2);
    return new Cluster() {
      @Override
      public List<String> arguments() {
        return List.of("--runner", "flink", "--", "--flinkMaster=" + cluster.address());
      }

      @Override
      public List<String> javaOptions() {
        return List.of();
      }

      @Override
      public void kill(ProcessHandle worker) {
        worker.destroyForcibly();
      }

      @Override
      public boolean isIdle() throws IOException {
        return OVER.containsAll(cluster.states());
      }

      @Override
      public void close() {
        cluster.close();
      }
    };
  }
}
