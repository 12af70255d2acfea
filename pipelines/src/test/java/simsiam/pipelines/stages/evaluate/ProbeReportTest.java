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
import simsiam.eval.EvalReport;
import simsiam.eval.Verdict;
import simsiam.eval.linear.LinearEpoch;
import simsiam.eval.linear.LinearResult;
import simsiam.eval.linear.LinearSpec;
import simsiam.eval.probe.ProbeFit;
import simsiam.eval.probe.ProbeResult;
import simsiam.eval.probe.ProbeSpec;
import simsiam.pipelines.config.load.ConfigLoader;
import simsiam.pipelines.result.Measure;
import simsiam.pipelines.result.StageReport;
import simsiam.pipelines.stage.StageResult;

class ProbeReportTest {
  private static final ProbeSpec SPEC = new ProbeSpec(List.of(0.1, 1.0, 10.0), 0.2, 1e-5, 100);

  @TempDir private Path folder;

  private static EvalReport report(int right) {
    List<Verdict> verdicts =
        java.util.stream.IntStream.range(0, 4)
            .mapToObj(i -> new Verdict(0, i < right ? 0 : 1, true))
            .toList();
    return EvalReport.of(verdicts, 0, List.of("cat", "dog"));
  }

  private static ProbeFit fit(double c, double heldOut, boolean converged) {
    return new ProbeFit(c, heldOut, 0.7, 90, 0.4, converged ? 9e-6 : 3e-3, 37, converged);
  }

  private static ProbeResult probe(int right, double c, boolean converged) {
    return new ProbeResult(
        SPEC,
        report(right),
        4.2,
        fit(c, 90, converged),
        List.of(fit(0.1, 70, true), fit(1, 80, true), fit(10, 75, true)),
        5000,
        0,
        996);
  }

  private StageReport told(ProbeResult trained, ProbeResult random) throws IOException {
    new Evaluated<>(trained, random).write(folder);
    return new ProbeStage().reportOf(folder, new StageResult("as recorded", new TreeMap<>()));
  }

  private static LinearResult sgd(double loss) {
    return new LinearResult(
        new LinearSpec(1, 256, 30, false),
        1,
        5000,
        0,
        report(3),
        report(3),
        1,
        List.of(new LinearEpoch(1, 0.1, loss, 75, 100)));
  }

  @Test
  void theProbeIsAHeadlineWithItsConditions() throws IOException {
    StageReport report = told(probe(3, 1, true), probe(2, 1, true));

    assertThat(report.headline()).isEqualTo("top-1 75.00 %, random encoder 50.00 %");
    assertThat(report.measures())
        .filteredOn(Measure::headline)
        .extracting(Measure::key, Measure::value, Measure::baseline)
        .containsExactly(
            tuple("probe_top1", 75.0, false), tuple("random_encoder_probe_top1", 50.0, true));
    assertThat(report.measures().get(0).note())
        .isEqualTo(
            "logistic regression on standardised features, C = 1.0, chosen on 996 held-out train"
                + " images, 5,000 train images, 4 test images");
    assertThat(report.measures())
        .filteredOn(measure -> measure.key().equals("probe_calibration_error"))
        .extracting(Measure::text)
        .containsExactly("4.200");
    assertThat(report.tables()).extracting("name").containsExactly("per_class", "probe_c");
    assertThat(report.tables().get(1).rows().get(1))
        .containsExactly("1.0", "80.00", "90.00", "0.7000", "37", "80.00");
    report.write(folder);
    assertThat(StageReport.read(folder)).contains(report);
  }

  @Test
  void doubtsAreTold() throws IOException {
    StageReport report = told(probe(3, 10, true), probe(2, 1, false));
    assertThat(report.measures())
        .filteredOn(Measure::warns)
        .extracting(Measure::key, Measure::note)
        .containsExactly(
            tuple(
                "probe_unconverged",
                "after 37 iterations the largest gradient is 3.0e-03, above probe.tolerance;"
                    + " raise probe.max_iterations or probe.tolerance"),
            tuple(
                "probe_c_at_edge",
                "C = 10.0 for this encoder: more values in probe.c may find a better one"));
  }

  @Test
  void sgdThatGuessesWorseThanByChanceSaysSoItself() throws IOException {
    new Evaluated<>(sgd(0.7), sgd(0.5)).write(folder);
    StageReport report =
        new LinearStage().reportOf(folder, new StageResult("as recorded", new TreeMap<>()));
    assertThat(report.measures())
        .filteredOn(Measure::warns)
        .extracting(Measure::key, Measure::note)
        .containsExactly(
            tuple(
                "linear_far_from_optimum",
                "SGD ends at a training loss of 0.700 nats where equal probabilities for all"
                    + " classes have 0.693, so linear top-1 depends on rate and epochs; judge by"
                    + " probe top-1"));
    assertThat(SgdOptimum.worseThanChance(sgd(0.69))).isEmpty();
  }

  @Test
  void sgdAboveTheConvergedProbeIsToldUnlessItSaysSoItself() {
    Optional<ProbeResult> probe = Optional.of(probe(3, 1, true));
    assertThat(SgdOptimum.told(probe, Optional.of(sgd(0.49)), List.of())).isEmpty();
    List<Measure> told = SgdOptimum.told(probe, Optional.of(sgd(0.6)), List.of());
    assertThat(told)
        .extracting(Measure::headline, Measure::warns)
        .containsExactly(tuple(true, true));
    assertThat(told.get(0).note())
        .startsWith(
            "SGD ends at a training loss of 0.600 nats where the converged probe has 0.400");
    assertThat(SgdOptimum.told(probe, Optional.of(sgd(0.6)), told)).isEmpty();
    assertThat(SgdOptimum.told(Optional.empty(), Optional.of(sgd(9)), List.of())).isEmpty();
  }

  /** What an encoder was trained on says nothing of where it is evaluated. */
  @Test
  void evaluatorsRunWhereTheyAreStarted() {
    var config =
        new ConfigLoader(Optional.empty())
            .load(
                Path.of("../conf/base.yaml"),
                List.of("train.engine=torch", "train.device=cuda", "train.precision=bf16"))
            .config();
    float[] product = new float[1];
    EvaluationEngine.of(config)
        .linearAlgebra()
        .gemm(false, false, 1, 1, 2, new float[] {1, 1}, 0, new float[] {1, 0x1p-20f}, 0, product);
    assertThat(product).as("float32, not bf16").containsExactly(1 + 0x1p-20f);
  }
}
