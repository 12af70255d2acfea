package simsiam.pipelines.result;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;

/**
 * Images by true class (row) and guessed class (column).
 *
 * @param name of its file, without ending
 * @param counts as many rows and columns as there are names
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record CountMatrix(
    String name, String title, List<String> classNames, List<List<Integer>> counts) {
  public CountMatrix {
    classNames = List.copyOf(classNames);
    counts = counts.stream().map(List::copyOf).toList();
    int classes = classNames.size();
    if (counts.size() != classes || counts.stream().anyMatch(row -> row.size() != classes)) {
      throw new IllegalArgumentException(
          "Cannot make matrix %s: expected %s rows and columns".formatted(name, classes));
    }
  }

  /** Images of a class. */
  public int total(int truth) {
    return counts.get(truth).stream().mapToInt(Integer::intValue).sum();
  }
}
