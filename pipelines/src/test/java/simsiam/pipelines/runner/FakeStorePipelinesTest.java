package simsiam.pipelines.runner;

import java.nio.file.Path;
import simsiam.pipelines.remote.TestStore;

/** The pipelines with a store that is in memory. */
class FakeStorePipelinesTest extends RemotePipelinesContract {
  @Override
  TestStore store(Path files) {
    return TestStore.fake();
  }
}
