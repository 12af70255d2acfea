package simsiam.pipelines.stage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/** What a stage that runs a Beam pipeline, at work or while it is planned, sees of the world. */
public interface PipelineContext {
  /** Existing folder of the workspace where digests of raw input may be remembered. */
  Path cache() throws IOException;

  /**
   * Folder in which files of a pipeline may lie that are gone when it ends: {@link #cache()}, or a
   * place in the store of the workspace, which workers see too.
   */
  Path shared() throws IOException;

  /** How Beam pipelines are to be run. */
  RunnerOptions runner();

  /**
   * Shows that work of a known length has begun; close it when done.
   *
   * @param unit in the plural: {@code images}, {@code epochs}
   * @param total in that unit; 0 or less: unknown
   */
  Progress progress(String unit, long total);

  /** Puts one line on the console and in the log: something the user should know. */
  void note(String line);

  /**
   * Runs the action if the process is asked to end (Ctrl-C, SIGTERM) while the stage is at work, at
   * once if it was before. It must return by the deadline, as others need what is left of the time
   * until the system kills the process.
   */
  void onInterrupt(Consumer<Deadline> action);
}
