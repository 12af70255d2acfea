package simsiam.pipelines.stage;

import java.util.Optional;

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

  /** Whether it is to run. */
  public boolean runs() {
    return state == StageState.RUN || state == StageState.FORCED;
  }
}
