package simsiam.eval.knn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import simsiam.eval.JavaLinearAlgebra;
import simsiam.eval.features.FeatureSet;
import simsiam.eval.features.SyntheticFeatures;
import simsiam.model.engine.LinearAlgebra;

/** Expected values were computed by NumPy in float64 from the definition, on the same features. */
class KnnGridTest {
  private static final FeatureSet TRAIN = SyntheticFeatures.congruent(600, 1);
  private static final FeatureSet TEST = SyntheticFeatures.congruent(400, 2);
  private static final KnnSpec SPEC =
      new KnnSpec(5, 0.1, List.of(1, 20, 200), List.of(0.02, 0.1, 0.5));

  private static final double[] COSINE = {
    53.389831, 53.389831, 53.389831, 52.542373, 52.542373, 52.542373, 56.779661, 56.779661,
    56.779661
  };
  private static final double[] EUCLIDEAN = {
    41.525424, 41.525424, 41.525424, 46.610169, 55.084746, 51.694915, 46.610169, 54.237288,
    55.932203
  };

  private static KnnGrid.Result run(LinearAlgebra algebra) {
    return new KnnGrid(SPEC, algebra).run(TRAIN, TEST).orElseThrow();
  }

  @Test
  void everyChoiceIsNumPys() {
    KnnGrid.Result result = run(new JavaLinearAlgebra());

    assertThat(result.heldOut()).isEqualTo(118);
    assertThat(result.cells()).hasSize(18);
    for (int i = 0; i < 18; i++) {
      KnnGrid.Cell cell = result.cells().get(i);
      assertThat(cell.metric()).isEqualTo(i < 9 ? Metric.COSINE : Metric.EUCLIDEAN);
      assertThat(cell.k()).isEqualTo(List.of(1, 20, 200).get(i % 9 / 3));
      assertThat(cell.temperature()).isEqualTo(List.of(0.02, 0.1, 0.5).get(i % 3));
      assertThat(cell.heldOutTop1())
          .as(cell.toString())
          .isCloseTo(i < 9 ? COSINE[i] : EUCLIDEAN[i - 9], within(1e-5));
    }
    assertThat(result.best().k()).isEqualTo(200);
    assertThat(result.best().temperature()).isEqualTo(0.02);
    assertThat(result.best().metric()).isEqualTo(Metric.COSINE);
    assertThat(result.testTop1()).isEqualTo(49.5);
  }

  /** Engines round products of float32 otherwise; here by more than any of them does. */
  @ParameterizedTest
  @EnumSource
  void theRoundingOfAnEngineChangesNothing(Metric metric) {
    FeatureSet bank = SyntheticFeatures.clouds(9000, 24, 6, 2, 1);
    FeatureSet queries = SyntheticFeatures.clouds(200, 24, 6, 2, 2);
    Neighbours[] exact = find(new JavaLinearAlgebra(), metric, bank, queries);
    Neighbours[] rounded = find(new Rounding(), metric, bank, queries);
    for (int q = 0; q < exact.length; q++) {
      assertThat(rounded[q].indices()).isEqualTo(exact[q].indices());
      assertThat(rounded[q].similarities()).isEqualTo(exact[q].similarities());
    }
    assertThat(run(new Rounding())).isEqualTo(run(new JavaLinearAlgebra()));
  }

  private static Neighbours[] find(
      LinearAlgebra algebra, Metric metric, FeatureSet bank, FeatureSet queries) {
    Neighbours[] found = new Neighbours[queries.size()];
    new NeighbourSearch(algebra, bank, metric, java.util.Optional.empty())
        .forEach(queries, 100, (query, neighbours) -> found[query] = neighbours);
    return found;
  }

  private static final class Rounding implements LinearAlgebra {
    private final Random random = new Random(3);

    @Override
    public void gemm(
        boolean transposeA,
        boolean transposeB,
        int m,
        int n,
        int k,
        float[] a,
        int aOffset,
        float[] b,
        int bOffset,
        float[] c) {
      new JavaLinearAlgebra().gemm(transposeA, transposeB, m, n, k, a, aOffset, b, bOffset, c);
      for (int i = 0; i < m * n; i++) {
        c[i] *= (float) (1 + 1e-5 * random.nextGaussian());
      }
    }
  }

  @Test
  void valuesAboveTheBankAreLeftOutAndNoGridIsNone() {
    FeatureSet few = TRAIN.select(java.util.stream.IntStream.range(0, 40).toArray());
    KnnGrid.Result result = new KnnGrid(SPEC, new JavaLinearAlgebra()).run(few, TEST).orElseThrow();
    assertThat(result.cells()).extracting(KnnGrid.Cell::k).doesNotContain(200).contains(20);
    assertThat(new KnnGrid(new KnnSpec(5, 0.1), new JavaLinearAlgebra()).run(TRAIN, TEST))
        .isEmpty();
    FeatureSet one = TRAIN.select(new int[] {0});
    assertThat(new KnnGrid(SPEC, new JavaLinearAlgebra()).run(one, TEST)).isEmpty();
  }
}
