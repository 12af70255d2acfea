package simsiam.pipelines.result;

/** A stage's report made up of a few measures. */
public final class SomeReport {
  private SomeReport() {}

  /**
   * A report.
   *
   * @param measures keys and values in turns: numbers or booleans
   */
  public static StageReport of(String headline, Object... measures) {
    StageReport report = StageReport.of(StageReport.Group.EVAL, headline);
    for (int i = 0; i < measures.length; i += 2) {
      String key = (String) measures[i];
      report =
          report.measures(
              measures[i + 1] instanceof Boolean is
                  ? Measure.trouble(key, key, is).asHeadline()
                  : Measure.number(key, key, ((Number) measures[i + 1]).doubleValue())
                      .asHeadline());
    }
    return report;
  }
}
