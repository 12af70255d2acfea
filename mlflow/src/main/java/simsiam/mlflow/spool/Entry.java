package simsiam.mlflow.spool;

import java.util.Map;
import simsiam.mlflow.DatasetInput;
import simsiam.mlflow.ModelOutput.Registration;
import simsiam.mlflow.ModelRef;
import simsiam.mlflow.RunStatus;

/** One event of a run, as journalled and later sent. */
public sealed interface Entry {

  /** The run begins; always the first entry of a journal. */
  record Start(String uid, String experiment, String name, String parentUid) implements Entry {}

  /** The run goes on in another process after an end, or after its process died. */
  record Resume(long pid) implements Entry {}

  /** Values of one or more metrics at one step. NaN and infinities are legal. */
  record Metrics(long step, Map<String, Double> values) implements Entry {}

  /** Parameters, set once. */
  record Params(Map<String, String> values) implements Entry {}

  /** Tags; a later value replaces an earlier one. */
  record Tags(Map<String, String> values) implements Entry {}

  /** A data set used by the run. */
  record Dataset(DatasetInput input) implements Entry {}

  /**
   * A file to upload.
   *
   * @param file path of the bytes, relative to the run's folder if they were copied there
   * @param model name of the model it is part of, or empty if it is the run's
   * @param path where it goes below the run's or the model's artifact root, with {@code /}
   * @param size bytes, when it was logged
   * @param modified last-modified time in ms, when it was logged
   * @param sha256 of its content in hex; empty in journals of earlier versions
   */
  record Artifact(String file, String model, String path, long size, long modified, String sha256)
      implements Entry {
    /** Bytes up to which a file is kept as a copy, which nobody else writes. */
    public static final long COPIED = 8 << 20;
  }

  /** The run has made a model; its files follow. */
  record Model(String name, String type, long step, Map<String, String> params) implements Entry {}

  /** All files of a model were logged. */
  record ModelReady(String name, Map<String, String> flavor, Registration registration)
      implements Entry {}

  /** The run works with a model. */
  record ModelInput(ModelRef model) implements Entry {}

  /**
   * Values of metrics that also measure a model.
   *
   * @param time of the points in ms since the epoch: that of the line by which they were logged
   *     before, if they were, so that the run has each point once
   */
  record ModelMetrics(ModelRef model, long time, long step, Map<String, Double> values)
      implements Entry {}

  /** The run ended. */
  record End(RunStatus status) implements Entry {}

  /** A line that is no entry, such as a block left as zeros by a power failure. Never written. */
  record Unreadable(String reason) implements Entry {}
}
