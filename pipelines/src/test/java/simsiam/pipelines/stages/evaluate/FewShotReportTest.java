package simsiam.pipelines.stages.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.eval.fewshot.FewShotResult;
import simsiam.eval.fewshot.FewShotResult.Point;
import simsiam.eval.fewshot.FewShotSpec;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.config.load.ConfigLoader;
import simsiam.pipelines.result.Curve;
import simsiam.pipelines.result.Measure;
import simsiam.pipelines.result.StageReport;
import simsiam.pipelines.stage.StageResult;

class FewShotReportTest {
  @TempDir private Path folder;

  private static FewShotResult result(double shift, boolean converged) {
    return new FewShotResult(
        new FewShotSpec(List.of(1, 5), List.of(0.01, 0.1), 3, 1),
        1,
        List.of(
            point(1, 0, 1, shift, false, converged),
            point(5, 0, 5, shift + 10, false, true),
            point(0, 0.01, 5, shift + 10, false, true),
            point(0, 0.1, 50, shift + 20, true, true)));
  }

  private static Point point(
      int shots, double share, double perClass, double shift, boolean chosen, boolean converged) {
    return new Point(
        shots,
        share,
        (int) (10 * perClass),
        perClass,
        7,
        chosen ? List.of(0.1, 0.01, 0.1) : List.of(1.0, 1.0, 1.0),
        chosen,
        converged,
        List.of(40 + shift, 41 + shift, 42 + shift),
        List.of(30 + shift, 32 + shift, 34 + shift));
  }

  private StageReport told(boolean converged) throws IOException {
    new Evaluated<>(result(5, converged), result(0, true)).write(folder);
    return new FewShotStage().reportOf(folder, new StageResult("as recorded", new TreeMap<>()));
  }

  @Test
  void everyPointStandsBesideTheUntrainedEncoders() throws IOException {
    StageReport report = told(true);

    assertThat(report.headline())
        .isEqualTo(
            "probe top-1 with 1, 5 images a class, 1, 10 % of the labels: 46.0, 56.0, 56.0, 66.0 %,"
                + " random encoder 41.0, 51.0, 51.0, 61.0 %");
    assertThat(report.measures())
        .extracting(Measure::key, Measure::value, Measure::baseline)
        .hasSize(16)
        .contains(
            tuple("few_shot_probe_top1_5_shot", 56.0, false),
            tuple("random_encoder_few_shot_probe_top1_5_shot", 51.0, true),
            tuple("few_shot_knn_top1_10_percent", 57.0, false),
            tuple("random_encoder_few_shot_knn_top1_10_percent", 52.0, true));
    assertThat(report.measures())
        .filteredOn(measure -> measure.key().equals("few_shot_probe_top1_10_percent"))
        .extracting(Measure::label, Measure::note)
        .containsExactly(
            tuple(
                "probe top-1, 10 % of the labels",
                "± 1.00 over 3 draws of labelled images, C = 0.01, 0.1 (chosen on held-out images)"));
    assertThat(report.measures()).noneMatch(Measure::warns);
    report.write(folder);
    assertThat(StageReport.read(folder)).contains(report);
  }

  @Test
  void theTableHasMeansAndDeviations() throws IOException {
    assertThat(told(true).tables().get(0).rows())
        .contains(
            List.of(
                "1 image a class",
                "10",
                "46.00 ± 1.00",
                "41.00 ± 1.00",
                "37.00 ± 2.00",
                "32.00 ± 2.00",
                "1.0",
                "7"));
  }

  /** One percent of 500 images a class are 5: the same images, once. */
  @Test
  void theCurveHasEachNumberOfImagesOnce() throws IOException {
    Curve curve = told(true).curves().get(0);
    assertThat(curve.logarithmicX()).isTrue();
    assertThat(curve.lines())
        .extracting(Curve.Line::role)
        .containsExactly(
            Curve.Role.MAIN, Curve.Role.BASELINE, Curve.Role.SECOND, Curve.Role.SECOND_BASELINE);
    assertThat(curve.lines().get(0).x()).containsExactly(1.0, 5.0, 50.0);
    assertThat(curve.lines().get(0).y()).containsExactly(46.0, 56.0, 66.0);
    assertThat(curve.lines().get(2).spread()).containsExactly(2.0, 2.0, 2.0);
  }

  @Test
  void aProbeThatIsNotSolvedIsToldOf() throws IOException {
    assertThat(told(false).measures())
        .filteredOn(Measure::warns)
        .extracting(Measure::note)
        .containsExactly("for 1 of 8 points; raise probe.max_iterations or probe.tolerance");
  }

  @Test
  void theStageIsPartOfARunThatAsksForIt() {
    assertThat(new FewShotStage().enabled(config())).isFalse();
    assertThat(new FewShotStage().enabled(config("few_shot.shots=[1]"))).isTrue();
    assertThat(new FewShotStage().enabled(config("few_shot.fractions=[0.1]"))).isTrue();
  }

  private static RunConfig config(String... overrides) {
    return new ConfigLoader(Optional.empty())
        .load(Path.of("../conf/base.yaml"), List.of(overrides))
        .config();
  }
}
