package simsiam.pipelines.source;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import simsiam.pipelines.remote.HdfsCluster;
import simsiam.pipelines.remote.TestStore;

/** Sources in Hadoop's file system. */
@Tag("hdfs")
class HdfsSourcesTest extends RemoteSourcesContract {
  @Override
  protected TestStore store(Path files) throws Exception {
    return new HdfsCluster(files);
  }
}
