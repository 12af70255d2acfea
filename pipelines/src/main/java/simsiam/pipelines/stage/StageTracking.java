package simsiam.pipelines.stage;

import java.nio.file.Path;
import simsiam.mlflow.DatasetInput;
import simsiam.mlflow.ModelOutput;

/**
 * The experiment tracker's run of one stage. None of these calls fails or blocks for long because a
 * server is away.
 */
public interface StageTracking {
  /** Logs a parameter beyond those of the configuration, which every run has. */
  void param(String name, String value);

  /** Logs one point of a curve. */
  void metric(String name, double value, long step);

  void tag(String name, String value);

  /**
   * Uploads a file.
   *
   * @param folder in the run's artifacts; empty: at the root
   */
  void artifact(Path file, String folder);

  /**
   * Logs a picture for the image grid, which shows one key over steps and runs.
   *
   * @param png the bytes of a PNG file
   */
  void image(String key, long step, byte[] png);

  /** Notes a data set that the stage reads. */
  void dataset(DatasetInput input);

  /** Logs a model that the stage has made; the stage's next {@link #measure} is about it. */
  void model(ModelOutput model);

  /**
   * Notes that the stage works with a model, which its next {@link #measure} is about.
   *
   * @param stage whose output it is
   * @param model its name there
   */
  void uses(String stage, String model);

  /**
   * Logs a figure of the stage that also measures the model it has made or works with. One that was
   * logged as the last point of its curve stays one point.
   */
  void measure(String name, double value, long step);

  /** Returns once everything logged so far is safe on disk; called before a checkpoint. */
  void persist();
}
