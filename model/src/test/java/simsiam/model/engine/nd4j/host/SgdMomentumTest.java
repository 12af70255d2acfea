package simsiam.model.engine.nd4j.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import simsiam.model.engine.Rates;
import simsiam.model.engine.nd4j.Networks;
import simsiam.model.engine.nd4j.kernels.Parameters;
import simsiam.model.net.NetworkLayout;
import simsiam.model.net.NetworkSpec;
import simsiam.model.net.PredictorKind;

class SgdMomentumTest {
  private static final Rates RATES = new Rates(0.1, 0.5, 0.9, 0.01);

  private final Workers workers = new Workers(2);
  private Parameters parameters = new Parameters(NetworkLayout.of(Networks.small()));

  @AfterEach
  void close() {
    parameters.close();
    workers.close();
  }

  private void steps(int count, float gradient) {
    SgdMomentum optimizer = new SgdMomentum(parameters, workers);
    for (int i = 0; i < parameters.gradients().size(); i++) {
      parameters.gradients().values().put(i, gradient);
    }
    for (int i = 0; i < count; i++) {
      optimizer.step(RATES);
    }
  }

  private double[] values(String name) {
    double[] values = new double[parameters.get(name).spec().size()];
    parameters.get(name).read(values);
    return values;
  }

  private void set(String name, double value) {
    double[] values = new double[parameters.get(name).spec().size()];
    Arrays.fill(values, value);
    parameters.get(name).write(values);
  }

  private void assertAll(String name, double expected) {
    for (double value : values(name)) {
      assertThat(value).as(name).isCloseTo(expected, within(1e-6));
    }
  }

  @Test
  void followsTheFormulaForThreeSteps() {
    set("backbone.conv1.weight", 1);
    set("projector.4.bias", 1); // of a batch norm: decayed like any other
    set("predictor.3.weight", 1);
    steps(3, 0.2f);
    assertAll("backbone.conv1.weight", threeSteps(0.1));
    assertAll("projector.4.bias", threeSteps(0.1));
    assertAll("predictor.3.weight", threeSteps(0.5));
  }

  /** By hand from w = 1, g = 0.2, momentum 0.9, decay 0.01. */
  private static double threeSteps(double rate) {
    double first = 0.2 + 0.01 * 1;
    double w1 = 1 - rate * first;
    double second = 0.9 * first + 0.2 + 0.01 * w1;
    double w2 = w1 - rate * second;
    double third = 0.9 * second + 0.2 + 0.01 * w2;
    return w2 - rate * third;
  }

  @Test
  void leavesRunningStatisticsAlone() {
    set("backbone.bn1.running_var", 3);
    steps(2, 1);
    assertAll("backbone.bn1.running_var", 3);
    assertAll("backbone.bn1.running_mean", 0);
  }

  @Test
  void neverMovesAFixedPredictor() {
    parameters.close();
    NetworkSpec fixed = Networks.with(PredictorKind.FIXED);
    parameters = new Parameters(NetworkLayout.of(fixed));
    set("predictor.0.weight", 1);
    set("projector.0.weight", 1);
    steps(2, 1);
    assertAll("predictor.0.weight", 1);
    assertThat(values("projector.0.weight")[0]).isLessThan(1);
  }
}
