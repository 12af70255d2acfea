package simsiam.pipelines.stage.plan;

import java.io.IOException;
import java.util.Optional;
import simsiam.pipelines.result.StageReport;
import simsiam.pipelines.stage.Stage;
import simsiam.pipelines.stage.StageInputs;
import simsiam.pipelines.stage.store.StageFolder;
import simsiam.pipelines.stage.store.SuccessRecord;

/**
 * One line of a plan.
 *
 * @param reason why the stage has this state
 * @param keepIfSame whether the stage is left out after all if the outputs it reads come out with
 *     the same bytes again
 * @param last record of the output that is there
 */
public record PlannedStage(
    Stage stage,
    StageInputs inputs,
    String fingerprint,
    StageFolder folder,
    StageState state,
    String reason,
    boolean keepIfSame,
    Optional<SuccessRecord> last) {
  public String name() {
    return stage.name();
  }

  /** What an output tells, as far as that is known without reading it. */
  public StageReport report(SuccessRecord record) throws IOException {
    return folder.report(stage, record);
  }

  /** All that an output tells. */
  public StageReport wholeReport(SuccessRecord record) throws IOException {
    return folder.wholeReport(stage, record);
  }

  /** Whether it is to run. */
  public boolean runs() {
    return state == StageState.RUN || state == StageState.FORCED;
  }
}
