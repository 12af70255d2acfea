package simsiam.pipelines.source;

import java.nio.file.Path;
import simsiam.pipelines.remote.Places;

/** Sources in a store that is in memory. */
class FakeStoreSourcesTest extends RemoteSourcesContract {
  @Override
  protected Path bucket() {
    return Places.path("fake://bucket");
  }
}
