package simsiam.pipelines.stages.pretrain;

import java.util.List;
import simsiam.eval.embed.Embedding;
import simsiam.pipelines.report.NeighbourSample;
import simsiam.pipelines.report.Sheets;
import simsiam.pipelines.report.ViewSample;
import simsiam.pipelines.stage.StageTracking;

/** Pictures for the tracker's image grid: one key over the epochs of a run. */
final class Snapshots {
  private Snapshots() {}

  /** What the first epoch sees. */
  static void views(StageTracking tracking, List<ViewSample> samples) {
    tracking.image("views", 0, Sheets.views(samples));
  }

  static void embedding(StageTracking tracking, int epoch, Embedding embedding) {
    tracking.image("embedding", epoch, Sheets.embedding(embedding, moment(epoch)));
  }

  static void neighbours(
      StageTracking tracking, int epoch, List<NeighbourSample> samples, List<String> classNames) {
    tracking.image("neighbours", epoch, Sheets.neighbours(samples, classNames, moment(epoch)));
  }

  static void spectrum(StageTracking tracking, int epoch, double[] values) {
    tracking.image("spectrum", epoch, Sheets.spectrum(values, moment(epoch)));
  }

  private static String moment(int epoch) {
    return "epoch " + epoch;
  }
}
