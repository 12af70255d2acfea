package simsiam.eval.knn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import simsiam.eval.JavaLinearAlgebra;
import simsiam.eval.features.FeatureSet;
import simsiam.eval.features.SyntheticFeatures;

class NeighbourSearchTest {
  /** Sizes that leave partial blocks of the bank, and of the products formed at once. */
  @ParameterizedTest
  @CsvSource({"40, 17, 5", "9000, 1030, 200", "20, 3, 20", "8193, 2, 8193"})
  void findsWhatTheDefinitionFinds(int bankSize, int querySize, int k) {
    FeatureSet bank = SyntheticFeatures.clouds(bankSize, 6, 3, 1, 1);
    FeatureSet queries = SyntheticFeatures.clouds(querySize, 6, 3, 1, 2);
    NaiveKnn oracle = new NaiveKnn(bank, queries);

    Neighbours[] found = new NeighbourSearch(new JavaLinearAlgebra(), bank).find(queries, k);

    assertThat(found).hasSize(querySize);
    for (int q = 0; q < querySize; q++) {
      int[] expected = oracle.nearest(q, k);
      assertThat(found[q].indices()).hasSize(k).doesNotHaveDuplicates();
      for (int i = 0; i < k; i++) {
        assertThat(found[q].similarities()[i])
            .isCloseTo(oracle.cosine(q, expected[i]), within(1e-12))
            .isCloseTo(oracle.cosine(q, found[q].indices()[i]), within(1e-12));
      }
    }
  }

  /** So wide that 1,024 of them are searched for together. */
  @Test
  void findsTheSameInParts() {
    FeatureSet bank = SyntheticFeatures.clouds(40, 1 << 14, 3, 1, 1);
    FeatureSet queries = SyntheticFeatures.clouds(1030, 1 << 14, 3, 1, 2);
    NaiveKnn oracle = new NaiveKnn(bank, queries);

    Neighbours[] found = new NeighbourSearch(new JavaLinearAlgebra(), bank).find(queries, 2);

    for (int q : new int[] {0, 1023, 1024, 1029}) {
      assertThat(found[q].indices()).containsExactly(oracle.nearest(q, 2));
    }
  }

  /** Features of -1 and 1 have exact products, so equal cosines are equal floats. */
  @ParameterizedTest
  @CsvSource({"1", "7", "60", "300"})
  void givesTiesToTheLowerIndex(int k) {
    FeatureSet bank = signs(300, 1);
    FeatureSet queries = signs(20, 2);
    NaiveKnn oracle = new NaiveKnn(bank, queries);

    Neighbours[] found = new NeighbourSearch(new JavaLinearAlgebra(), bank).find(queries, k);

    for (int q = 0; q < queries.size(); q++) {
      assertThat(found[q].indices()).containsExactly(oracle.nearest(q, k));
    }
  }

  @Test
  void aZeroFeatureIsSimilarToNothing() {
    FeatureSet bank =
        SyntheticFeatures.of(2, new float[] {-1, 0, 0, 0, 3, 4}, new int[] {0, 0, 0}, 1);
    FeatureSet queries = SyntheticFeatures.of(2, new float[] {6, 8, 0, 0}, new int[] {0, 0}, 1);

    Neighbours[] found = new NeighbourSearch(new JavaLinearAlgebra(), bank).find(queries, 3);

    assertThat(found[0].indices()).containsExactly(2, 1, 0);
    assertThat(found[0].similarities())
        .usingComparatorWithPrecision(1e-12)
        .containsExactly(1, 0, -0.6);
    assertThat(found[1].indices()).containsExactly(0, 1, 2);
    assertThat(found[1].similarities()).containsExactly(0, 0, 0);
  }

  @Test
  void refusesMoreNeighboursThanTheBankHolds() {
    FeatureSet bank = signs(5, 1);
    NeighbourSearch search = new NeighbourSearch(new JavaLinearAlgebra(), bank);
    assertThatThrownBy(() -> search.find(bank, 6))
        .hasMessage(
            "Cannot search neighbours: expected k from 1 to 5, the images in the bank, got 6");
  }

  private static FeatureSet signs(int n, long seed) {
    Random random = new Random(seed);
    float[] features = new float[n * 4];
    for (int i = 0; i < features.length; i++) {
      features[i] = random.nextBoolean() ? 1 : -1;
    }
    int[] labels = IntStream.range(0, n).map(i -> i % 3).toArray();
    return SyntheticFeatures.of(4, features, labels, 3);
  }
}
