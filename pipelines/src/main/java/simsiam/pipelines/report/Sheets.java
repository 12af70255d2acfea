package simsiam.pipelines.report;

import java.util.ArrayList;
import java.util.List;
import simsiam.eval.embed.Embedding;
import simsiam.pipelines.report.plot.CurvePlot;
import simsiam.pipelines.report.plot.EmbeddingPlot;
import simsiam.pipelines.result.Curve;

/** Single pictures of a run in progress, as the bytes of PNG files. */
public final class Sheets {
  static final String NEIGHBOURS = "Nearest neighbours in the train split";

  private Sheets() {}

  /** Images and what training sees of them. */
  public static byte[] views(List<ViewSample> samples) {
    return ImageSheet.views(samples).png();
  }

  /**
   * Test images and the train images nearest to them.
   *
   * @param moment of training, put into the title
   */
  public static byte[] neighbours(
      List<NeighbourSample> samples, List<String> classNames, String moment) {
    return ImageSheet.neighbours(NEIGHBOURS + ", " + moment, samples, classNames).png();
  }

  /**
   * A split in the plane.
   *
   * @param moment of training, put into the title
   */
  public static byte[] embedding(Embedding embedding, String moment) {
    return EmbeddingPlot.draw(embedding, "Features of the test split (PCA), " + moment).png();
  }

  /**
   * A spectrum of features.
   *
   * @param values singular values of the covariance, falling, all positive, at least one
   * @param moment of training, put into the title
   */
  public static byte[] spectrum(double[] values, String moment) {
    List<Double> ranks = new ArrayList<>();
    List<Double> logarithms = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      ranks.add(i + 1.0);
      logarithms.add(Math.log10(values[i]));
    }
    Curve curve =
        new Curve(
            "spectrum",
            "Spectrum, " + moment,
            "index, the largest first",
            "log10 of singular value");
    return CurvePlot.draw(curve.line("features", Curve.Role.MAIN, ranks, logarithms)).png();
  }
}
