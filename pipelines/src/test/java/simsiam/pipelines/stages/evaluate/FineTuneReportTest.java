package simsiam.pipelines.stages.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.eval.EvalReport;
import simsiam.eval.Verdict;
import simsiam.eval.finetune.FineTuningResult;
import simsiam.model.train.FineTuner;
import simsiam.model.train.spec.FineTuneSpec;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.config.load.ConfigException;
import simsiam.pipelines.config.load.ConfigLoader;
import simsiam.pipelines.result.Measure;
import simsiam.pipelines.result.StageReport;
import simsiam.pipelines.stage.StageResult;

class FineTuneReportTest {
  @TempDir private Path folder;

  private static FineTuningResult fit(double fraction, int images, int right) {
    List<Verdict> verdicts = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      verdicts.add(new Verdict(0, i < right ? 0 : 1, i < right + 4));
    }
    return new FineTuningResult(
        fraction,
        images,
        EvalReport.of(verdicts, 0, List.of("cat", "dog")),
        List.of(
            new FineTuner.Epoch(1, 2.5, 5.0 * (right - 1)),
            new FineTuner.Epoch(2, 1.5, 5.0 * right)));
  }

  @Test
  void everyShareStandsBesideTheUntrainedEncoders() throws IOException {
    new Evaluated<>(
            new FineTuningResult.All(List.of(fit(0.01, 50, 12), fit(1, 5000, 15))),
            new FineTuningResult.All(List.of(fit(0.01, 50, 7), fit(1, 5000, 14))))
        .write(folder);
    StageReport report =
        new FineTuneStage().reportOf(folder, new StageResult("as recorded", new TreeMap<>()));

    assertThat(report.headline())
        .isEqualTo(
            "top-1 with 1, 100 % of the labels: 60.00, 75.00 %, from the random encoder 35.00,"
                + " 70.00 %");
    assertThat(report.measures())
        .extracting(Measure::key, Measure::value, Measure::baseline)
        .containsExactly(
            tuple("finetune_top1_1_percent", 60.0, false),
            tuple("random_encoder_finetune_top1_1_percent", 35.0, true),
            tuple("finetune_top5_1_percent", 80.0, false),
            tuple("finetune_top1_100_percent", 75.0, false),
            tuple("random_encoder_finetune_top1_100_percent", 70.0, true),
            tuple("finetune_top5_100_percent", 95.0, false));
    assertThat(report.measures().get(3).note())
        .isEqualTo("encoder and head, 5,000 train images, 2 epochs, 20 test images");
    assertThat(report.tables().get(0).rows())
        .containsExactly(
            List.of("1 %", "50", "60.00", "35.00", "80.00", "55.00"),
            List.of("100 %", "5000", "75.00", "70.00", "95.00", "90.00"));
    assertThat(report.curves())
        .extracting("name")
        .containsExactly("finetune_1_percent", "finetune_100_percent");
    assertThat(report.curves().get(0).lines().get(1).y()).containsExactly(55.0, 60.0);
    report.write(folder);
    assertThat(StageReport.read(folder)).contains(report);
  }

  @Test
  void theStageIsPartOfARunThatAsksForIt() {
    assertThat(new FineTuneStage().enabled(config())).isFalse();
    assertThat(new FineTuneStage().enabled(config("finetune.fractions=[0.1]"))).isTrue();
    assertThat(new LinearAugmentedStage().enabled(config())).isFalse();
    assertThat(new LinearAugmentedStage().enabled(config("linear_augmented.epochs=2"))).isTrue();
    assertThatThrownBy(() -> config("linear_augmented.test_resize=31"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("at least augment.crop_size (32), or 0, got 31");
  }

  @Test
  void theRecipeIsThatOfTheKeys() {
    FineTuneSpec training =
        config("finetune.encoder_lr=0.02", "finetune.head_lr=5", "finetune.epochs=30")
            .finetune()
            .training(3);
    assertThat(training)
        .isEqualTo(new FineTuneSpec(30, 256, 0.02, 5, 0.9, 0, List.of(12, 16), 0.2, 3));
    assertThatThrownBy(() -> config("finetune.fractions=[0.5, 0.1]"))
        .hasMessageContaining("rising shares, each above 0 and at most 1");
    assertThatThrownBy(() -> config("finetune.epochs=10"))
        .hasMessageContaining("ascending epochs from 1 to less than epochs (10)");
  }

  private static RunConfig config(String... overrides) {
    return new ConfigLoader(Optional.empty())
        .load(Path.of("../conf/base.yaml"), List.of(overrides))
        .config();
  }
}
