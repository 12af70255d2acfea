package simsiam.model.engine.nd4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import simsiam.model.engine.StepMetrics;
import simsiam.model.engine.Tensor;
import simsiam.model.net.NetworkLayout;
import simsiam.model.net.NetworkSpec;

class GradientCheckTest {
  @Test
  void smallStepMatchesFiniteDifferences() {
    check(Networks.small(), 4, 16);
  }

  private static void check(NetworkSpec spec, int batch, int size) {
    SortedMap<String, Tensor> weights = NetworkLayout.of(spec).initialise(3);
    float[] views = Networks.pixels(batch * spec.objective().symmetry().views(), size, 5);
    ReferenceStep reference = new ReferenceStep(spec, weights, views, batch, size);
    double loss = reference.loss();
    if (spec.objective().stopGradient()) {
      reference.freezeTargets();
    }
    try (Nd4jSiameseNet net = new Nd4jSiameseNet(spec, weights, 2)) {
      StepMetrics metrics = net.gradients(views, batch, size);
      assertThat(metrics.loss()).isCloseTo(loss, within(1e-5));
      Random random = new Random(7);
      net.exportGradients()
          .forEach(
              (name, gradient) -> {
                for (int i = 0; i < 3; i++) {
                  int index = random.nextInt(gradient.data().length);
                  double expected = reference.derivative(name, index, 1e-5);
                  assertThat((double) gradient.data()[index])
                      .as("%s[%d]", name, index)
                      .isCloseTo(expected, within(1e-3 * Math.abs(expected) + 1e-4));
                }
              });
    }
  }
}
