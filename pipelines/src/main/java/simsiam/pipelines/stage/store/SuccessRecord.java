package simsiam.pipelines.stage.store;

import java.util.Objects;
import java.util.SortedMap;
import simsiam.pipelines.stage.Fingerprint;
import simsiam.pipelines.stage.StageInputs;
import simsiam.pipelines.stage.StageResult;

/**
 * {@code _SUCCESS.json}, the last file written to a stage's output: what made it and what it holds.
 *
 * @param upstreamOutputs digest of each upstream output that was read
 * @param files of the output, by path relative to its folder
 * @param started ISO-8601
 * @param seconds the stage's work took, over all its attempts' last
 * @param versions of the program and what it ran on
 */
public record SuccessRecord(
    String fingerprint,
    StageInputs inputs,
    SortedMap<String, String> upstreamOutputs,
    SortedMap<String, OutputFile> files,
    StageResult result,
    String started,
    String finished,
    double seconds,
    SortedMap<String, String> versions) {
  public SuccessRecord {
    Objects.requireNonNull(fingerprint, "fingerprint");
    Objects.requireNonNull(inputs, "inputs");
    Objects.requireNonNull(upstreamOutputs, "upstreamOutputs");
    Objects.requireNonNull(files, "files");
    Objects.requireNonNull(result, "result");
    Objects.requireNonNull(finished, "finished");
  }

  /**
   * A file of the output.
   *
   * @param sha256 hexadecimal
   */
  public record OutputFile(long bytes, String sha256) {}

  /** The digest of the whole output. */
  public String outputDigest() {
    return Fingerprint.of(files);
  }
}
