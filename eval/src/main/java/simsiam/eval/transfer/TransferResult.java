package simsiam.eval.transfer;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;

/** What one encoder is worth on other data sets. */
public record TransferResult(List<SetResult> sets) {
  public TransferResult {
    sets = List.copyOf(sets);
  }

  /**
   * One set.
   *
   * @param train labelled images of its train split
   * @param test labelled images of its test split
   * @param k neighbours that voted; 0: none, as images may show several classes
   * @param knnTop1 in percent; -1 where it was not measured, as that of the probe
   * @param probeTop1 of the converged probe, in percent
   * @param c chosen for it
   * @param converged whether it was solved
   * @param svmMap mean average precision of SVMs, in percent; -1 where they were not asked for
   */
  public record SetResult(
      String name,
      int classes,
      int train,
      int test,
      int k,
      double knnTop1,
      double probeTop1,
      double c,
      boolean converged,
      double svmMap) {
    static final double NOT_MEASURED = -1;

    /** Of a set whose images may show several classes. */
    static SetResult ofSvm(String name, int classes, int train, int test, double svmMap) {
      return new SetResult(
          name, classes, train, test, 0, NOT_MEASURED, NOT_MEASURED, NOT_MEASURED, true, svmMap);
    }

    /** Whether images may show several classes. */
    @JsonIgnore
    public boolean multiLabel() {
      return k == 0;
    }
  }
}
