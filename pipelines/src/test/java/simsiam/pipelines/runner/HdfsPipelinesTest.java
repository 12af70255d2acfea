package simsiam.pipelines.runner;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import simsiam.pipelines.remote.HdfsCluster;
import simsiam.pipelines.remote.TestStore;

/** The pipelines with Hadoop's file system. */
@Tag("hdfs")
class HdfsPipelinesTest extends RemotePipelinesContract {
  @Override
  TestStore store(Path files) throws Exception {
    return new HdfsCluster(files);
  }
}
