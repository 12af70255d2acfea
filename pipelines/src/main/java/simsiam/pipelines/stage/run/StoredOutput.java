package simsiam.pipelines.stage.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import simsiam.pipelines.remote.StoreException;
import simsiam.pipelines.stage.plan.PlannedStage;
import simsiam.pipelines.stage.plan.StageState;
import simsiam.pipelines.stage.store.StageStore;
import simsiam.pipelines.stage.store.SuccessRecord;
import simsiam.pipelines.stage.store.Workspace;

/** One stage's output in the store of the workspace; does nothing where there is no store. */
final class StoredOutput {
  private static final Logger log = LoggerFactory.getLogger(StoredOutput.class);

  private final Optional<StageStore> store;
  private final PlannedStage stage;

  StoredOutput(Workspace workspace, PlannedStage stage) {
    this.store = workspace.store(stage.stage());
    this.stage = stage;
  }

  /**
   * Takes over what another machine has made of the same inputs.
   *
   * @param upstreamOutputs digests of what the stage would read
   */
  Optional<SuccessRecord> fetch(SortedMap<String, String> upstreamOutputs) throws IOException {
    if (store.isEmpty() || stage.state() == StageState.FORCED) {
      return Optional.empty();
    }
    Optional<SuccessRecord> made = store.get().success(stage.name(), stage.fingerprint());
    if (made.isEmpty() || !made.get().upstreamOutputs().equals(upstreamOutputs)) {
      return Optional.empty();
    }
    log.info("Stage {} is taken from {}", stage.name(), folder());
    try {
      store.get().fetch(made.get(), stage.folder().begin(stage.inputs(), upstreamOutputs, false));
    } catch (StoreException e) {
      throw e;
    } catch (IOException e) {
      log.warn("{}; stage {} will run again", e.getMessage(), stage.name());
      return Optional.empty();
    }
    stage.folder().commit(made.get());
    return made;
  }

  private Path folder() {
    return store.orElseThrow().folder(stage.name(), stage.fingerprint());
  }

  void begin() throws IOException {
    if (store.isPresent()) {
      store.get().begin(stage.name(), stage.fingerprint());
    }
  }

  void commit() throws IOException {
    if (store.isPresent()) {
      store.get().commit(stage.name(), stage.fingerprint(), stage.folder());
    }
  }
}
