package simsiam.pipelines.stages.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.eval.EvalReport;
import simsiam.eval.Verdict;
import simsiam.eval.svm.LowShot;
import simsiam.eval.svm.SvmResult;
import simsiam.eval.svm.SvmResult.ClassSvm;
import simsiam.eval.svm.SvmSpec;
import simsiam.pipelines.Stages;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.config.load.ConfigLoader;
import simsiam.pipelines.result.Measure;
import simsiam.pipelines.result.StageReport;
import simsiam.pipelines.stage.StageGraph;
import simsiam.pipelines.stage.StageResult;
import simsiam.pipelines.stage.plan.Selection;

class SvmReportTest {
  @TempDir private Path folder;

  private static SvmResult result(double cat, double dog, double c) {
    List<Verdict> verdicts =
        List.of(new Verdict(0, 0, true), new Verdict(0, 1, true), new Verdict(1, 1, true));
    return new SvmResult(
        new SvmSpec(List.of(0.1, 1.0, 10.0), List.of(2, 400), 3),
        EvalReport.of(verdicts, 0, List.of("cat", "dog")),
        List.of(new ClassSvm("cat", c, cat), new ClassSvm("dog", c, dog)),
        List.of(70.0, 80.0, 75.0),
        5000,
        0,
        List.of(new LowShot(2, 1.0, List.of(60.0, 63.0, 66.0), List.of(50.0, 52.0, 54.0))));
  }

  private StageReport told(SvmResult trained, SvmResult random) throws IOException {
    new Evaluated<>(trained, random).write(folder);
    return new SvmStage().reportOf(folder, new StageResult("as recorded", new TreeMap<>()));
  }

  @Test
  void precisionIsToldWithItsConditions() throws IOException {
    StageReport report = told(result(90, 80, 1), result(70, 60, 1));

    assertThat(report.headline()).isEqualTo("mAP 85.00 %, random encoder 65.00 %");
    assertThat(report.measures())
        .extracting(Measure::key, Measure::text, Measure::baseline)
        .containsExactly(
            tuple("svm_map", "85.00 %", false),
            tuple("random_encoder_svm_map", "65.00 %", true),
            tuple("svm_map_gain", "+20.00 points", false),
            tuple("svm_top1", "66.67 %", false),
            tuple("random_encoder_svm_top1", "66.67 %", true),
            tuple("svm_map_2_shot", "63.00 %", false),
            tuple("random_encoder_svm_map_2_shot", "63.00 %", true));
    assertThat(report.measures().get(0).note())
        .isEqualTo(
            "one SVM a class, C of each class chosen by 3-fold cross-validation, 5,000 train"
                + " images, 3 test images");
    assertThat(report.measures().get(5).note())
        .as("deviation with divisor n")
        .isEqualTo("± 2.45 over 3 draws; C = 1.0, chosen on the test split as the protocol has it");
    assertThat(report.tables())
        .extracting("name")
        .containsExactly("svm_classes", "svm_c", "svm_low_shot");
    assertThat(report.tables().get(2).title())
        .isEqualTo(
            "Low-shot SVM: mAP by images a class, 3 draws, C chosen on the test split; larger k"
                + " than the smallest class has images are left out");
    assertThat(report.tables().get(2).rows())
        .containsExactly(
            List.of("2", "63.00", "60.00", "66.00", "2.45", "52.00", "1.0", "63.00", "2.45"));
    assertThat(report.measures()).noneMatch(Measure::warns);
  }

  /** Nothing is the class of such an image, so there is no accuracy. */
  @Test
  void ofImagesThatShowSeveralClassesThereIsNoAccuracy() throws IOException {
    SvmResult one = result(90, 80, 1);
    LowShot few = one.lowShot().get(0);
    SvmResult several =
        new SvmResult(
            one.spec(),
            null,
            one.classes(),
            one.tried(),
            5000,
            0,
            List.of(new LowShot(few.k(), few.c(), few.averagePrecision(), List.of())));
    StageReport report = told(several, several);
    assertThat(report.measures())
        .extracting(Measure::key)
        .contains("svm_map", "svm_map_2_shot")
        .doesNotContain("svm_top1", "random_encoder_svm_top1");
    assertThat(report.measures().get(0).note()).endsWith(" 5,000 train images");
    assertThat(report.tables().get(2).rows().get(0)).element(5).isEqualTo("");
  }

  @Test
  void mostClassesAtTheEdgeOfTheGridAreAWarning() throws IOException {
    assertThat(told(result(90, 80, 10), result(70, 60, 1)).measures())
        .filteredOn(Measure::warns)
        .extracting(Measure::key, Measure::note)
        .containsExactly(
            tuple(
                "svm_c_at_edge",
                "for 2 of 2 classes, and 0 for the random encoder: more values in svm.c may find"
                    + " better ones"));
    assertThat(told(result(90, 80, 1), result(70, 60, 0.1)).measures())
        .as("the gain would be smaller")
        .filteredOn(Measure::warns)
        .extracting(Measure::note)
        .containsExactly(
            "for 0 of 2 classes, and 2 for the random encoder: more values in svm.c may find"
                + " better ones");
  }

  private static RunConfig config(String... overrides) {
    return new ConfigLoader(Optional.empty())
        .load(Path.of("../conf/base.yaml"), List.of(overrides))
        .config();
  }

  @Test
  void itIsPartOfARunThatAsksForIt() {
    StageGraph all = new StageGraph(Stages.all());
    assertThat(all.of(config("svm.c=[1, 10]")).names()).contains("svm");
    StageGraph without = all.of(config());
    assertThat(without.names()).doesNotContain("svm");
    Selection only =
        new Selection(Optional.of("svm"), Optional.empty(), Optional.empty(), false, Set.of());
    assertThatThrownBy(() -> only.of(without))
        .hasMessage(
            "Cannot select stage svm: expected one that the configuration asks for, got none; set"
                + " svm.c");
  }
}
