package simsiam.pipelines.runner;

import java.nio.file.Path;
import java.util.List;
import simsiam.pipelines.remote.Places;

/** The pipelines with a store that is in memory. */
class FakeStorePipelinesTest extends RemotePipelinesContract {
  @Override
  protected Path bucket() {
    return Places.path("fake://pipelines");
  }

  @Override
  protected List<String> options() {
    return List.of();
  }
}
