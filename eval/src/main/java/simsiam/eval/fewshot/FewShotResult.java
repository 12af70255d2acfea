package simsiam.eval.fewshot;

import java.util.List;

/**
 * Accuracy of one encoder by the number of labelled images.
 *
 * @param points those by images a class first, then those by shares, each rising
 */
public record FewShotResult(FewShotSpec spec, long seed, List<Point> points) {
  public FewShotResult {
    points = List.copyOf(points);
  }

  /**
   * One number of labelled images.
   *
   * @param shots images a class; 0: by share
   * @param fraction share of each class; 0: by images a class
   * @param images with a label, in all
   * @param perClass their mean number over classes that have any
   * @param k neighbours that vote
   * @param c the probe's in each draw
   * @param chosen whether C was chosen on held-out images of the draw
   * @param converged whether every fit of the probe is solved
   * @param probe top-1 on the test split in each draw, in percent
   * @param knn the same of kNN
   */
  public record Point(
      int shots,
      double fraction,
      int images,
      double perClass,
      int k,
      List<Double> c,
      boolean chosen,
      boolean converged,
      List<Double> probe,
      List<Double> knn) {
    public Point {
      c = List.copyOf(c);
      probe = List.copyOf(probe);
      knn = List.copyOf(knn);
    }
  }
}
