package simsiam.pipelines.report;

import java.util.List;
import simsiam.model.image.RgbImage;

/**
 * A test image and the train images nearest to it.
 *
 * @param label class index of the query, or -1 where unknown
 * @param neighbours nearest first
 */
public record NeighbourSample(RgbImage query, int label, List<Neighbour> neighbours) {
  public NeighbourSample {
    neighbours = List.copyOf(neighbours);
  }

  /**
   * One train image.
   *
   * @param label class index, or -1 where unknown
   * @param similarity cosine to the query
   */
  public record Neighbour(RgbImage image, int label, double similarity) {}
}
