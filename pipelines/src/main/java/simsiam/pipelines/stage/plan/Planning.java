package simsiam.pipelines.stage.plan;

import java.util.function.Consumer;
import simsiam.pipelines.stage.Console;
import simsiam.pipelines.stage.Deadline;
import simsiam.pipelines.stage.RunnerOptions;

/**
 * How a plan is made where that is work: where a data set is to be hashed that workers of a runner
 * can read.
 *
 * @param runner of the run that is planned
 * @param console shows the work
 * @param interruption takes what is to be done when the process is told to end
 */
public record Planning(
    RunnerOptions runner, Console console, Consumer<Consumer<Deadline>> interruption) {
  /** By this machine alone, which says nothing and leaves nothing behind. */
  public static Planning here() {
    return new Planning(RunnerOptions.direct(), Console.SILENT, action -> {});
  }
}
