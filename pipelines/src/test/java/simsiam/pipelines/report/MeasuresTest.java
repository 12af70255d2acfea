package simsiam.pipelines.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import simsiam.eval.EvalReport;
import simsiam.eval.Verdict;
import simsiam.eval.knn.KnnResult;
import simsiam.model.train.EpochRecord;

class MeasuresTest {
  private static final List<String> CLASSES = List.of("cat", "dog");

  @Test
  void saysWhatWasMeasuredAndHow() {
    Evaluations evaluations =
        new Evaluations(
            Optional.of(knn(3, 1)), Optional.of(knn(2, 2)), Optional.empty(), Optional.empty());
    List<Measure> measures = Measures.of(input(evaluations));
    assertThat(measures)
        .contains(
            new Measure(
                "knn_top1",
                "kNN top-1",
                "75.0",
                "75.00 %",
                "k = 5, T = 0.1, bank of 5,000 images, 4 test images, 2 without a label"),
            new Measure(
                "random_encoder_knn_top1",
                "kNN top-1, random encoder",
                "50.0",
                "50.00 %",
                "the same encoder before training"),
            new Measure(
                "knn_gain",
                "kNN gain over the random encoder",
                "25.0",
                "+25.00 points",
                "kNN top-1"),
            new Measure(
                "final_output_std",
                "output std",
                "0.2",
                "0.20000",
                "0.40 of the healthy 1/√d = 0.50000 (d = 4)"),
            new Measure(
                "collapsed",
                "collapsed",
                "true",
                "yes",
                "collapse level 0.60, collapsed above 0.50"));
    assertThat(measures)
        .extracting(Measure::key)
        .doesNotContain("linear_top1")
        .doesNotHaveDuplicates();
  }

  @Test
  void speedIsTheMedian() {
    assertThat(Measures.of(input(Evaluations.none())))
        .filteredOn(m -> m.key().equals("images_per_second"))
        .extracting(Measure::value)
        .containsExactly("400.0");
  }

  @Test
  void aRunWithoutAnEpochHasNoReport() {
    assertThatThrownBy(() -> new Training(List.of(), List.of(), 4, "loss"))
        .hasMessage(
            "Cannot report training: expected an epoch or more and an output of 1 channel or more,"
                + " got 0 and 4");
  }

  private static ReportInput input(Evaluations evaluations) {
    List<EpochRecord> history = List.of(epoch(1, 100), epoch(2, 400), epoch(3, 500));
    return new ReportInput(
        "run",
        List.of(),
        CLASSES,
        new Training(history, List.of(), 4, "negative cosine similarity"),
        evaluations,
        Optional.empty(),
        List.of(),
        List.of(),
        "",
        "");
  }

  private static EpochRecord epoch(int epoch, double speed) {
    return new EpochRecord(epoch, 10L * epoch, -0.5, 0.2, 0.6, 0.1, 0.1, speed, Map.of());
  }

  private static KnnResult knn(int right, int wrong) {
    List<Verdict> verdicts = new java.util.ArrayList<>();
    for (int i = 0; i < right; i++) {
      verdicts.add(new Verdict(0, 0, true));
    }
    for (int i = 0; i < wrong; i++) {
      verdicts.add(new Verdict(0, 1, true));
    }
    return new KnnResult(EvalReport.of(verdicts, 2, CLASSES), 5, 0.1, 5000, 0);
  }
}
