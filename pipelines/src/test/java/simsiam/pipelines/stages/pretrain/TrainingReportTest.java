package simsiam.pipelines.stages.pretrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import simsiam.model.train.EpochRecord;
import simsiam.model.train.StepLog;
import simsiam.model.train.TrainingState;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.config.load.ConfigLoader;
import simsiam.pipelines.result.Curve;
import simsiam.pipelines.result.Measure;
import simsiam.pipelines.result.StageReport;

class TrainingReportTest {
  private static EpochRecord epoch(int epoch, long steps, double speed) {
    return new EpochRecord(epoch, steps, -0.5, 0.2, 0.6, 0.1, 0.1, speed, Map.of());
  }

  private static StageReport report(List<EpochRecord> history, List<StepLog.Row> steps) {
    RunConfig config =
        new ConfigLoader(Optional.empty())
            .load(Path.of("..", "conf", "base.yaml"), List.of("projector.dim=4"))
            .config();
    TrainingState state =
        new TrainingState(
            history.size(),
            0,
            1,
            0,
            0,
            config.seed(),
            config.network(),
            config.augment(),
            config.train(),
            "engine",
            List.of(),
            history);
    return TrainingReport.of(state, steps);
  }

  private static Measure measure(StageReport report, String key) {
    return report.measures().stream().filter(m -> m.key().equals(key)).findFirst().orElseThrow();
  }

  @Test
  void saysWhatWasMeasuredAndHow() {
    StageReport report =
        report(List.of(epoch(1, 10, 100), epoch(2, 20, 400), epoch(3, 30, 500)), List.of());

    Measure std = measure(report, "final_output_std");
    assertThat(std.text()).isEqualTo("0.2000");
    assertThat(std.note()).isEqualTo("0.40 of the healthy 1/√d = 0.50000 (d = 4)");
    Measure collapsed = measure(report, "collapsed");
    assertThat(collapsed.warns()).isTrue();
    assertThat(collapsed.note())
        .startsWith("collapse level 0.60, collapsed above 0.50")
        .endsWith("the encoder gives nearly the same output for every image");
    assertThat(measure(report, "images_per_second").value()).isEqualTo(400.0);
    assertThat(report.metric(std)).isEqualTo("final/output_std");
    assertThat(report.headline()).endsWith("collapse level 0.60 (collapsed)");
  }

  @Test
  void stepsAreThinnedByAveraging() {
    List<StepLog.Row> steps = new ArrayList<>();
    for (int i = 1; i <= 6000; i++) {
      steps.add(new StepLog.Row(i, i, 0.1));
    }
    Curve loss = report(List.of(epoch(60, 6000, 1)), steps).curves().get(0);
    Curve.Line line = loss.lines().get(0);
    assertThat(line.role()).isEqualTo(Curve.Role.BACKGROUND);
    assertThat(line.x()).hasSize(1500);
    assertThat(line.y().get(0)).isCloseTo(2.5, within(1e-9));
    assertThat(line.x().get(0)).isCloseTo(0.025, within(1e-9));
    assertThat(line.y().get(1499)).isCloseTo(5998.5, within(1e-9));
  }

  @Test
  void aTrainingWithoutAnEpochHasNoReport() {
    assertThatThrownBy(() -> report(List.of(), List.of()))
        .hasMessage("Cannot report training: expected an epoch, got none");
  }
}
