package simsiam.eval.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FeatureMatrixTest {
  @Test
  void rowsLieInBlocks() {
    int rows = 2 * FeatureMatrix.BLOCK_ROWS + 3;
    float[] values = new float[rows * 2];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    FeatureMatrix matrix = FeatureMatrix.of(2, values);
    assertThat(matrix.rows()).isEqualTo(rows);
    assertThat(matrix.blocks()).isEqualTo(3);
    assertThat(matrix.blockRows(0)).isEqualTo(FeatureMatrix.BLOCK_ROWS);
    assertThat(matrix.blockRows(2)).isEqualTo(3);
    assertThat(matrix.block(2)).hasSize(6);
    assertThat(matrix.copy(0, rows)).isEqualTo(values);
    int row = FeatureMatrix.BLOCK_ROWS + 5;
    assertThat(matrix.holding(row)[matrix.offset(row) + 1]).isEqualTo(2 * row + 1);
  }

  @Test
  void aSmallArrayIsTakenAsItIs() {
    float[] values = {1, 2, 3, 4};
    assertThat(FeatureMatrix.of(2, values).block(0)).isSameAs(values);
  }

  @Test
  void refusesRowsThatAreNotWhole() {
    assertThatThrownBy(() -> FeatureMatrix.of(2, new float[3]))
        .hasMessage("Cannot make a matrix of features: expected rows of 2 values, got 3 values");
    assertThatThrownBy(() -> new FeatureMatrix(3, 0))
        .hasMessage("Cannot make a matrix of features: expected at least one channel, got 0");
  }

  /** Rounding of a constant is no signal; dividing by its deviation would make it one. */
  @Test
  void aConstantChannelIsShiftedAlone() {
    float[] values = new float[300];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 2 == 0 ? i : 0.1f + (i % 3 == 0 ? 1e-8f : 0);
    }
    FeatureSet set = SyntheticFeatures.of(2, values, new int[150], 1);
    float[] scaled = Standardizer.of(set).apply(set).features().copy(0, 150);
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < 150; i++) {
      sum += scaled[2 * i];
      squares += scaled[2 * i] * scaled[2 * i];
      assertThat(Math.abs(scaled[2 * i + 1])).isLessThan(1e-6f);
    }
    assertThat(sum).isBetween(-1e-4, 1e-4);
    assertThat(squares / 150).isBetween(1 - 1e-5, 1 + 1e-5);
  }

  /** More than a block of rows, in cycles of several lengths. */
  @Test
  void rowsAreReorderedInPlace() {
    int rows = FeatureMatrix.BLOCK_ROWS + 5;
    FeatureMatrix matrix = new FeatureMatrix(rows, 2);
    int[] places = new int[rows];
    for (int i = 0; i < rows; i++) {
      matrix.set(i, new float[] {i, -i}, 0);
      places[i] = i % 3 == 0 ? i : rows - 1 - i;
    }
    Set<Integer> taken = new HashSet<>();
    for (int i = 0; i < rows; i++) {
      for (int place = places[i]; !taken.add(places[i]); place++) {
        places[i] = place % rows;
      }
    }
    matrix.reorder(places);
    for (int i = 0; i < rows; i++) {
      assertThat(matrix.copy(places[i], 1)).containsExactly(i, -i);
    }
  }
}
