package simsiam.eval.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import simsiam.eval.JavaLinearAlgebra;
import simsiam.eval.features.FeatureSet;
import simsiam.eval.features.SyntheticFeatures;
import simsiam.eval.knn.KnnClassifier;
import simsiam.eval.knn.KnnSpec;
import simsiam.eval.probe.LogisticProbe;
import simsiam.eval.probe.ProbeSpec;
import simsiam.eval.svm.SvmClassifier;
import simsiam.eval.svm.SvmSpec;
import simsiam.eval.transfer.TransferResult.SetResult;

class TransferEvaluationTest {
  private static final FeatureSet TRAIN = SyntheticFeatures.clouds(150, 6, 3, 1.5, 1);
  private static final FeatureSet TEST = SyntheticFeatures.clouds(90, 6, 3, 1.5, 2);
  private static final ProbeSpec PROBE = new ProbeSpec(List.of(0.1, 1.0), 0.2, 1e-5, 500);

  private static SetResult run(int k, List<Double> c, FeatureSet train, FeatureSet test) {
    return new TransferEvaluation(
            new KnnSpec(k, 0.1), PROBE, new SvmSpec(c, List.of(), 1), new JavaLinearAlgebra(), 1)
        .run("clouds", train, test);
  }

  @Test
  void eachFigureIsThatOfItsOwnEvaluator() {
    SetResult found = run(7, List.of(1.0, 10.0), TRAIN, TEST);

    assertThat(found.classes()).isEqualTo(3);
    assertThat(found.train()).isEqualTo(150);
    assertThat(found.test()).isEqualTo(90);
    assertThat(found.knnTop1())
        .isEqualTo(
            new KnnClassifier(new KnnSpec(7, 0.1), new JavaLinearAlgebra(), TRAIN)
                .evaluate(TEST)
                .report()
                .top1())
        .isBetween(45.0, 99.0);
    assertThat(found.probeTop1())
        .isEqualTo(
            new LogisticProbe(PROBE, new JavaLinearAlgebra())
                .run(TRAIN, TEST, fit -> {})
                .report()
                .top1());
    assertThat(found.svmMap())
        .isEqualTo(
            new SvmClassifier(
                    new SvmSpec(List.of(1.0, 10.0), List.of(), 1), new JavaLinearAlgebra(), 1)
                .run(TRAIN, TEST, () -> {})
                .meanAveragePrecision());
    assertThat(found.converged()).isTrue();
  }

  @Test
  void aSmallSetHasFewerNeighboursAndSvmsAreOnlyMadeIfAskedFor() {
    SetResult found = run(200, List.of(), TRAIN, TEST);
    assertThat(found.k()).isEqualTo(150);
    assertThat(found.svmMap()).isEqualTo(-1);
  }

  @Test
  void aSetWithoutLabelsIsNamed() {
    int[] none = new int[90];
    java.util.Arrays.fill(none, FeatureSet.UNKNOWN_LABEL);
    FeatureSet unlabelled = new FeatureSet(TEST.features(), none, TEST.ids(), TEST.classNames());
    assertThatThrownBy(() -> run(1, List.of(), TRAIN, unlabelled))
        .hasMessage(
            "Cannot evaluate on clouds: expected labelled images in both splits, got 150 and 0");
  }
}
