package simsiam.pipelines.runner;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import simsiam.pipelines.remote.S3Server;
import simsiam.pipelines.remote.TestStore;

/** The pipelines with a real S3 server. */
@Tag("s3")
class S3PipelinesTest extends RemotePipelinesContract {
  @Override
  TestStore store(Path files) throws Exception {
    return new S3Server(files, "pipelines");
  }
}
