package simsiam.pipelines.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import simsiam.pipelines.remote.Places;
import simsiam.pipelines.stage.store.WorkspacePlace;

class WorkspacePlaceTest {
  @Test
  void aFolderIsAllThereIs() {
    assertThat(WorkspacePlace.of("/data/runs"))
        .isEqualTo(new WorkspacePlace(Path.of("/data/runs"), Optional.empty()));
  }

  @Test
  void aPlaceInAStoreHasItsOtherHalfBelowRuns() {
    assertThat(WorkspacePlace.of("s3://bucket/team/runs"))
        .isEqualTo(
            new WorkspacePlace(
                Path.of("runs/s3/bucket/team/runs"),
                Optional.of(Places.path("s3://bucket/team/runs"))));
  }

  @Test
  void aPlaceThatLeadsOutOfRunsIsRefused() {
    assertThatThrownBy(() -> WorkspacePlace.of("s3://bucket/../../../elsewhere"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected a place without ..");
  }
}
