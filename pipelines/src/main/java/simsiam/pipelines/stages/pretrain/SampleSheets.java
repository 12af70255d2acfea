package simsiam.pipelines.stages.pretrain;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import simsiam.eval.features.FeatureSet;
import simsiam.eval.knn.NeighbourSearch;
import simsiam.eval.knn.Neighbours;
import simsiam.model.augment.AugmentSpec;
import simsiam.model.augment.ViewMaker;
import simsiam.model.engine.LinearAlgebra;
import simsiam.model.load.ImageSet;
import simsiam.pipelines.report.NeighbourSample;
import simsiam.pipelines.report.NeighbourSample.Neighbour;
import simsiam.pipelines.report.ViewSample;

/** Example images for a report, evenly spaced over their split. */
public final class SampleSheets {
  private static final int ROWS = 8;
  private static final int NEIGHBOURS = 8;

  private SampleSheets() {}

  /** Train images with the views that the first epoch showed of them. */
  public static List<ViewSample> views(ImageSet train, AugmentSpec augment, int views, long seed) {
    ViewMaker maker = new ViewMaker(augment);
    return IntStream.of(spaced(train.size()))
        .mapToObj(index -> ViewSample.of(train, index, maker, views, seed, 1))
        .toList();
  }

  /** Test images with the train images whose features are nearest. */
  public static List<NeighbourSample> neighbours(
      LinearAlgebra algebra, FeatureSet bank, ImageSet train, FeatureSet queries, ImageSet test) {
    int[] chosen = spaced(queries.size());
    int k = Math.min(NEIGHBOURS, bank.size());
    Neighbours[] found = new NeighbourSearch(algebra, bank).find(queries.select(chosen), k);
    List<NeighbourSample> samples = new ArrayList<>();
    for (int i = 0; i < chosen.length; i++) {
      Neighbours nearest = found[i];
      List<Neighbour> row =
          IntStream.range(0, k)
              .mapToObj(
                  n ->
                      new Neighbour(
                          train.image(nearest.indices()[n]),
                          bank.labels()[nearest.indices()[n]],
                          nearest.similarities()[n]))
              .toList();
      samples.add(new NeighbourSample(test.image(chosen[i]), queries.labels()[chosen[i]], row));
    }
    return samples;
  }

  private static int[] spaced(int size) {
    int rows = Math.min(ROWS, size);
    return IntStream.range(0, rows).map(i -> (int) ((long) i * size / rows)).toArray();
  }
}
