package simsiam.pipelines.source;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import simsiam.pipelines.remote.S3Server;
import simsiam.pipelines.remote.TestStore;

/** Sources in a real S3 server. */
@Tag("s3")
class S3SourcesTest extends RemoteSourcesContract {
  @Override
  protected TestStore store(Path files) throws Exception {
    return new S3Server(files, "sources");
  }
}
