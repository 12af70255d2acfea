package simsiam.pipelines.stage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import simsiam.model.config.Violation;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.result.StageReport;

/**
 * One step of the pipeline: reads the committed output of its upstream stages and writes one folder
 * of its own. Stages share nothing but files, so any of them can be rerun, cached or resumed alone.
 *
 * <p>The output is a pure function of {@link #version()}, the config keys of {@link #configKeys()},
 * the upstream outputs and {@link #sourceDigest}: these four make the {@link Fingerprint}.
 */
public interface Stage {
  /** Lower-case name, unique in the graph; names the stage's folder and its options. */
  String name();

  /** Raised by hand whenever a change of the code changes the output for the same inputs. */
  int version();

  /**
   * Names of the stages whose output this one reads. Of those that are not part of a run (see
   * {@link #enabled}) it reads nothing.
   */
  List<String> upstream();

  /**
   * Whether the stage is part of a run with this configuration. One that is not is never planned,
   * and those that would read it have the fingerprints that they had before there was such a stage.
   */
  default boolean enabled(RunConfig config) {
    return true;
  }

  /** The key by which a configuration asks for the stage, where {@link #enabled} can be false. */
  default String enabledBy() {
    throw new UnsupportedOperationException(name() + " is part of every run");
  }

  /**
   * Dotted names of the config sections or keys that the output depends on: {@code "augment"},
   * {@code "seed"}, {@code "train.batch_size"}. Components marked {@link
   * simsiam.model.config.Execution} inside them are left out of the fingerprint.
   */
  List<String> configKeys();

  /**
   * Digest of the raw input, for a stage that reads something outside the workspace.
   *
   * @param context in whose {@linkplain PipelineContext#cache cache} the digest of an unchanged
   *     source may be remembered
   * @throws IOException if the source cannot be read
   */
  default Optional<String> sourceDigest(RunConfig config, PipelineContext context)
      throws IOException {
    return Optional.empty();
  }

  /**
   * Whether an interrupted run continues from what it left: the partial folder is then kept, and
   * {@link #run} must find its way in it. A finished output that is damaged is continued in the
   * same way, and nothing of such a stage is thrown away unless a run has taken its place.
   */
  default boolean resumable() {
    return false;
  }

  /**
   * Refuses a damaged output of a resumable stage of which nothing can be continued; it is left as
   * it is.
   *
   * @throws IllegalStateException saying what is damaged, and how to begin anew
   */
  default void requireContinuable(Path output) {}

  /**
   * Whether it writes data by a Beam pipeline, to {@link StageContext#data()}: the output is then
   * in the store of a workspace that has one.
   */
  default boolean writesData() {
    return false;
  }

  /**
   * Fetches from elsewhere what the stage reads and does not find, such as a data set. Called by
   * {@code run} before anything is planned; does nothing where all is there.
   *
   * @throws IOException if it cannot be had; the message says what the user can do
   */
  default void prepare(RunConfig config, Console console) throws IOException {}

  /**
   * What is wrong with the configuration as far as it can be known before any work starts, such as
   * a missing path. Keys are dotted ({@code dataset.path}). Must be quick.
   *
   * @param selected names of the stages that the command is about: what concerns others alone is no
   *     mistake
   */
  default List<Violation> check(RunConfig config, Set<String> selected) {
    return List.of();
  }

  /**
   * The same, by what other stages have made already; asked of a selected stage that is to run.
   *
   * @param upstream committed outputs of the upstream stages that will not run again, by name
   */
  default List<Violation> checkInputs(RunConfig config, Map<String, Path> upstream) {
    return List.of();
  }

  /**
   * Refuses a machine or a build that lacks what the stage needs, such as a GPU. Asked of every
   * stage that is to run before the first of them does any work.
   *
   * @throws IllegalStateException if this build or machine cannot do it
   * @throws IllegalArgumentException if the configuration asks for what nothing here can do
   */
  default void requireMachine(RunConfig config) {}

  /**
   * What an output tells that has no {@link StageReport#FILE_NAME} of today's form, as those of
   * earlier releases have none.
   *
   * @param output the committed folder
   * @param result what its record says
   */
  default StageReport reportOf(Path output, StageResult result) throws IOException {
    return result.report();
  }

  /**
   * A report with what that of an earlier release lacks and the output itself has to be read for;
   * the same report where nothing is missing. Asked where reports are shown, not by a run that
   * finds the output.
   *
   * @param output the committed folder
   */
  default StageReport completed(StageReport report, Path output) throws IOException {
    return report;
  }

  /**
   * Does the work, writing to {@link StageContext#output()} and {@link StageContext#data()} only.
   *
   * @return what was found, which is kept as {@code report.json} in the output
   * @throws simsiam.model.config.InvalidConfigException if the data show that the configuration
   *     (dotted keys) cannot work; reported as the user's error
   * @throws Exception whatever went wrong; its message is the first thing the user reads
   */
  StageReport run(StageContext context) throws Exception;
}
