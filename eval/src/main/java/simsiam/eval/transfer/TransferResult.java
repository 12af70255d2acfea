package simsiam.eval.transfer;

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
   * @param k neighbours that voted
   * @param knnTop1 in percent
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
      double svmMap) {}
}
