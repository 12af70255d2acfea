package simsiam.pipelines.stages.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.eval.EvalJson;
import simsiam.eval.EvalReport;
import simsiam.eval.Verdict;
import simsiam.eval.knn.KnnGrid;
import simsiam.eval.knn.KnnResult;
import simsiam.eval.knn.Metric;
import simsiam.pipelines.result.CountMatrix;
import simsiam.pipelines.result.Measure;
import simsiam.pipelines.result.StageReport;
import simsiam.pipelines.stage.StageResult;

class EvaluationReportTest {
  private static final StageResult RECORD = new StageResult("as recorded", new TreeMap<>());

  @TempDir private Path folder;

  private static KnnResult knn(int right, int wrong) {
    List<Verdict> verdicts = new ArrayList<>();
    for (int i = 0; i < right + wrong; i++) {
      verdicts.add(new Verdict(0, i < right ? 0 : 1, true));
    }
    return new KnnResult(EvalReport.of(verdicts, 2, List.of("cat", "dog")), 5, 0.1, 5000, 0);
  }

  private StageReport told() throws IOException {
    return new KnnStage().reportOf(folder, RECORD);
  }

  @Test
  void saysWhatWasMeasuredAndHow() throws IOException {
    new Evaluated<>(knn(3, 1), knn(2, 2)).write(folder);

    StageReport report = told();

    assertThat(report.headline()).isEqualTo("top-1 75.00 %, random encoder 50.00 %");
    Measure top1 = report.measures().get(0);
    assertThat(top1.key()).isEqualTo("knn_top1");
    assertThat(top1.text()).isEqualTo("75.00 %");
    assertThat(top1.note())
        .isEqualTo("k = 5, T = 0.1, bank of 5,000 images, 4 test images, 2 without a label");
    assertThat(report.metric(top1)).isEqualTo("eval/knn_top1");
    assertThat(report.measures())
        .filteredOn(Measure::baseline)
        .extracting(Measure::key, Measure::value)
        .containsExactly(tuple("random_encoder_knn_top1", 50.0));
    assertThat(report.measures())
        .filteredOn(measure -> measure.key().equals("knn_gain"))
        .extracting(Measure::text)
        .containsExactly("+25.00 points");
    CountMatrix confusion = report.matrices().get(0);
    assertThat(confusion.counts()).containsExactly(List.of(3, 1), List.of(0, 0));
    assertThat(report.tables().get(0).rows())
        .containsExactly(List.of("cat", "4", "75.00"), List.of("dog", "0", ""));
  }

  @Test
  void theGridIsShownWhereThereIsOne() throws IOException {
    new Evaluated<>(knn(3, 1), knn(2, 2)).write(folder);
    assertThat(told().tables()).hasSize(1);
    KnnGrid.Cell near = new KnnGrid.Cell(Metric.COSINE, 1, 0.1, 40);
    KnnGrid.Cell far = new KnnGrid.Cell(Metric.EUCLIDEAN, 1, 0.1, 62.5);
    KnnGrid.Result grid = new KnnGrid.Result(List.of(near, far), far, 1000, 77);
    EvalJson.write(new KnnStage.Grids(grid, grid), folder.resolve("grid.json"));

    StageReport report = told();

    assertThat(report.measures())
        .filteredOn(measure -> measure.key().equals("knn_tuned_top1"))
        .extracting(Measure::text, Measure::note)
        .containsExactly(
            tuple("77.00 %", "euclidean, k = 1, T = 0.1, chosen on 1,000 held-out train images"));
    assertThat(report.tables())
        .extracting("name")
        .containsExactly("per_class", "knn_grid_cosine", "knn_grid_euclidean");
    assertThat(report.tables().get(2).header()).containsExactly("k", "T = 0.1");
    assertThat(report.tables().get(2).rows()).containsExactly(List.of("1", "62.50"));
  }

  /** Earlier releases gave the evaluation itself the name that reports have now. */
  @Test
  void anOutputOfAnEarlierReleaseTellsTheSame() throws IOException {
    new Evaluated<>(knn(3, 1), knn(2, 2)).write(folder);
    StageReport now = told();
    Files.delete(folder.resolve("evaluation.json"));
    EvalJson.write(knn(3, 1), folder.resolve("report.json"));
    EvalJson.write(knn(2, 2), folder.resolve("random-encoder-report.json"));

    assertThat(StageReport.read(folder)).isEmpty();
    assertThat(told()).isEqualTo(now);
  }

  @Test
  void aReportComesBackFromItsFile() throws IOException {
    new Evaluated<>(knn(3, 1), knn(2, 2)).write(folder);
    StageReport report = told();
    report.write(folder);

    assertThat(StageReport.read(folder)).contains(report);
  }

  @Test
  void withoutLabelsThereIsNothingToTellButThat() throws IOException {
    assertThat(told().headline()).isEqualTo("as recorded");
    assertThat(told().measures()).isEmpty();
  }
}
