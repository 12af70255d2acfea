package simsiam.pipelines.source;

import java.nio.file.Path;
import simsiam.pipelines.remote.TestStore;

/** Sources in a store that is in memory. */
class FakeStoreSourcesTest extends RemoteSourcesContract {
  @Override
  protected TestStore store(Path files) {
    return TestStore.fake();
  }
}
