package simsiam.pipelines.stages.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import simsiam.pipelines.stage.Console;
import simsiam.pipelines.stage.Deadline;
import simsiam.pipelines.stage.PipelineContext;
import simsiam.pipelines.stage.Progress;
import simsiam.pipelines.stage.RunnerOptions;

/**
 * The world of whoever looks at a data set.
 *
 * @param notes takes what the user would see
 */
public record LookContext(Path cache, RunnerOptions runner, List<String> notes)
    implements PipelineContext {
  /** One of this machine alone. */
  static LookContext here(Path cache) {
    return new LookContext(cache, RunnerOptions.direct(), new ArrayList<>());
  }

  @Override
  public Path shared() {
    return cache;
  }

  @Override
  public Progress progress(String unit, long total) {
    return Console.SILENT.progress("", unit, total);
  }

  @Override
  public void note(String line) {
    notes.add(line);
  }

  @Override
  public void onInterrupt(Consumer<Deadline> action) {}
}
