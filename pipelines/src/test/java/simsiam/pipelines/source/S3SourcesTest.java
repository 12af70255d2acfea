package simsiam.pipelines.source;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import simsiam.pipelines.beam.BeamOptions;
import simsiam.pipelines.remote.Places;
import simsiam.pipelines.remote.S3Server;
import simsiam.pipelines.remote.StoreOptions;

/** Sources in a real S3 server. */
@Tag("s3")
class S3SourcesTest extends RemoteSourcesContract {
  @TempDir private static Path folder;
  private static S3Server server;

  @BeforeAll
  static void start() throws Exception {
    server = new S3Server(folder, "sources");
    StoreOptions.use(BeamOptions.parse(server.options()));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Override
  protected Path bucket() {
    return Places.path("s3://sources");
  }
}
