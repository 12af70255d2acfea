package simsiam.eval;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;

/** Counts of images by true class (row) and predicted class (column): {@code [C, C]}. Immutable. */
public final class ConfusionMatrix {
  private final int[][] counts;

  @JsonCreator
  public ConfusionMatrix(int[][] counts) {
    this.counts = new int[counts.length][];
    for (int row = 0; row < counts.length; row++) {
      if (counts[row].length != counts.length) {
        throw new IllegalArgumentException(
            "Cannot make a confusion matrix: expected %s columns, got %s (row %s)"
                .formatted(counts.length, counts[row].length, row));
      }
      this.counts[row] = counts[row].clone();
    }
  }

  /** C. */
  public int classes() {
    return counts.length;
  }

  public int count(int truth, int predicted) {
    return counts[truth][predicted];
  }

  /** Images of the class. */
  public int total(int truth) {
    return Arrays.stream(counts[truth]).sum();
  }

  @JsonValue
  int[][] toRows() {
    return Arrays.stream(counts).map(int[]::clone).toArray(int[][]::new);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ConfusionMatrix that && Arrays.deepEquals(counts, that.counts);
  }

  @Override
  public int hashCode() {
    return Arrays.deepHashCode(counts);
  }

  @Override
  public String toString() {
    return Arrays.deepToString(counts);
  }
}
