package simsiam.pipelines.stage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.result.StageReport;

/** What a running stage sees of the world. */
public interface StageContext extends PipelineContext {
  RunConfig config();

  /** The stage's fingerprint, 64 hexadecimal digits. */
  String fingerprint();

  /** The digest of the raw input that the stage was planned for; empty where it reads none. */
  String sourceDigest();

  /**
   * The folder to write to. It is committed under its final name after {@link Stage#run} returns;
   * for a resumable stage it holds what an interrupted run left.
   */
  Path output();

  /**
   * Where damaged parts of what an earlier run left are moved to: a folder beside the output, on
   * the same file system, which whoever needs it makes. It stays until the user removes it.
   */
  Path aside();

  /**
   * Where workers of a pipeline write: {@link #output()}, or the stage's folder in the store of the
   * workspace. What later stages read on this machine must be in the former too.
   */
  Path data();

  /** Where workers of a pipeline find what an upstream stage has written. */
  Path upstreamData(String stage);

  /** The upstream stages that are part of the run, in the order in which they are declared. */
  List<String> upstream();

  /**
   * Committed output of an upstream stage.
   *
   * @throws IllegalArgumentException if the stage does not declare this upstream
   */
  Path upstream(String stage);

  /**
   * What an upstream stage tells.
   *
   * @throws IllegalArgumentException if the stage does not declare this upstream
   */
  StageReport upstreamReport(String stage) throws IOException;

  /**
   * Says what a file of {@link #output()} holds, as whoever wrote it knows: it is not read to learn
   * that, unless it changes from now on. A file that is not there is another machine's.
   *
   * @param name relative to the folder
   * @param sha256 hexadecimal
   * @throws IOException if the file cannot be looked at
   */
  void written(String name, long bytes, String sha256) throws IOException;

  /** Where parameters, metrics and artifacts of this stage go. */
  StageTracking tracking();
}
