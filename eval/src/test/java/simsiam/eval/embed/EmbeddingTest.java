package simsiam.eval.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import simsiam.eval.features.FeatureSet;
import simsiam.eval.features.SyntheticFeatures;

class EmbeddingTest {
  @Test
  void takesImagesEvenlyOverTheSplit() {
    FeatureSet split = SyntheticFeatures.clouds(100, 5, 3, 0.1, 1);
    Embedding embedding = Embedding.of(split, 40);
    assertThat(embedding.points()).hasSize(40);
    assertThat(embedding.total()).isEqualTo(100);
    for (int i = 0; i < 40; i++) {
      assertThat(embedding.points().get(i).label()).isEqualTo(split.labels()[i * 100 / 40]);
    }
  }

  @Test
  void doesNotDependOnTheLengthOfFeatures() {
    float[] features = {1, 0, 0, 1, 0.8f, 0.6f, 0.6f, 0.8f};
    float[] longer = {3, 0, 0, 9, 8, 6, 60, 80};
    int[] labels = {0, 1, 0, 1};
    Embedding one = Embedding.of(SyntheticFeatures.of(2, features, labels, 2), 4);
    Embedding other = Embedding.of(SyntheticFeatures.of(2, longer, labels, 2), 4);
    for (int i = 0; i < 4; i++) {
      assertThat(other.points().get(i).x()).isCloseTo(one.points().get(i).x(), within(1e-6));
      assertThat(other.points().get(i).y()).isCloseTo(one.points().get(i).y(), within(1e-6));
    }
  }

  @Test
  void keepsClassesApart() {
    Embedding embedding = Embedding.of(SyntheticFeatures.clouds(60, 20, 2, 0.1, 1), 60);
    double[] sums = new double[2];
    for (Embedding.Point point : embedding.points()) {
      sums[point.label()] += Math.signum(point.x());
    }
    assertThat(Math.abs(sums[0]) + Math.abs(sums[1])).isEqualTo(60);
    assertThat(embedding.xShare()).isGreaterThan(0.8);
  }
}
