package simsiam.model.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import simsiam.model.net.Arch;
import simsiam.model.net.Classifier;
import simsiam.model.net.EncoderSpec;
import simsiam.model.net.Method;
import simsiam.model.net.NetworkSpec;
import simsiam.model.net.ObjectiveSpec;
import simsiam.model.net.ReferenceStep;
import simsiam.model.net.SimSiam;
import simsiam.model.net.Similarity;
import simsiam.model.net.Stem;
import simsiam.model.net.Symmetry;
import simsiam.model.net.Targets;
import simsiam.model.net.Tensor;

/** Targets that are given to a step, of every engine: what SimSiam made before, and labels. */
@ParameterizedClass(name = "{0}")
@MethodSource("simsiam.model.engine.Engines#all")
class EngineTargetsTest {
  private static final int N = 6;
  private static final int SIZE = 8;
  private static final int CLASSES = 5;
  private static final Rates STILL = new Rates(0, 0, 0, 0);
  private static final Rates RATES = new Rates(0.02, 0.05, 0.9, 5e-4);

  private final Classifier classifier =
      Classifier.of(new EncoderSpec(Arch.RESNET10, Stem.CIFAR, 4, false), CLASSES);
  @Parameter private Engine engine;

  private static NetworkSpec network(Similarity similarity, Symmetry symmetry, Targets targets) {
    NetworkSpec base = ReferenceCase.spec("resnet10");
    return new NetworkSpec(
        base.encoder(),
        base.projector(),
        base.predictor(),
        new ObjectiveSpec(similarity, true, symmetry, targets, 1, 0));
  }

  /** Labels 0, 1, ..., as rows with one 1. */
  private static float[] labels() {
    float[] rows = new float[N * CLASSES];
    for (int i = 0; i < N; i++) {
      rows[i * CLASSES + i % CLASSES] = 1;
    }
    return rows;
  }

  @ParameterizedTest
  @EnumSource
  void givenTargetsMatchFiniteDifferences(Symmetry symmetry) {
    Similarity similarity =
        symmetry == Symmetry.ASYMMETRIC ? Similarity.CROSS_ENTROPY : Similarity.COSINE;
    SimSiam method = SimSiam.of(network(similarity, symmetry, Targets.STEPS));
    float[] views = Hashed.pixels(symmetry.views() * N, SIZE, 1);
    float[] given = new float[method.given() * N * 16];
    double[] values = Hashed.values(given.length, 7);
    for (int i = 0; i < given.length; i++) {
      given[i] = (float) values[i];
    }
    assertThat(method.given()).isEqualTo(method.targets().size());
    assertMatchesFiniteDifferences(method, views, given);
  }

  @Test
  void aClassifierMatchesFiniteDifferences() {
    assertMatchesFiniteDifferences(classifier, Hashed.pixels(N, SIZE, 1), labels());
  }

  /** Rows that are no distribution: all zero, or with more than one. */
  @Test
  void crossEntropyTakesTargetsThatDoNotSumToOne() {
    float[] rows = labels();
    rows[0] = 0;
    rows[CLASSES] = 0.75f;
    assertMatchesFiniteDifferences(classifier, Hashed.pixels(N, SIZE, 1), rows);
  }

  private void assertMatchesFiniteDifferences(Method method, float[] views, float[] given) {
    SortedMap<String, Tensor> weights = Hashed.weights(method);
    ReferenceStep reference = new ReferenceStep(method, weights, views, N, SIZE);
    reference.give(given);
    try (TrainingNet net = engine.create(method, weights)) {
      assertThat(net.step(views, N, SIZE, given, STILL).loss())
          .isCloseTo(reference.loss(), within(1e-5));
      SortedMap<String, Tensor> gradients = net.exportOptimizer();
      List<String> names = new ArrayList<>(gradients.keySet());
      Random random = new Random(7);
      Collections.shuffle(names, random);
      names = new ArrayList<>(names.subList(0, 4));
      names.addAll(gradients.tailMap("fc").headMap("fd").keySet());
      for (String name : names) {
        int index = random.nextInt(gradients.get(name).data().length);
        double expected = reference.derivative(name, index, 1e-7);
        assertThat((double) gradients.get(name).data()[index])
            .as("%s[%s]", name, index)
            .isCloseTo(expected, within(2e-3 * Math.abs(expected) + 1e-4));
      }
    }
  }

  /** One step's alternation: targets of the batch itself, as §5.1 of the paper explains SimSiam. */
  @ParameterizedTest
  @EnumSource
  void targetsMadeJustBeforeAreSimSiamsOwn(Symmetry symmetry) {
    NetworkSpec live = network(Similarity.COSINE, symmetry, Targets.LIVE);
    SimSiam method = SimSiam.of(network(Similarity.COSINE, symmetry, Targets.STEPS));
    SortedMap<String, Tensor> weights = Hashed.weights(live);
    try (TrainingNet net = engine.create(method, weights);
        TrainingNet expected = engine.create(live, weights)) {
      for (int step = 0; step < 3; step++) {
        float[] views = Hashed.pixels(symmetry.views() * N, SIZE, step);
        float[] given = new float[method.given() * N * 16];
        net.outputs(views, N, SIZE, method.targets(), given);
        StepMetrics metrics = net.step(views, N, SIZE, given, RATES);
        StepMetrics simSiam = expected.step(views, N, SIZE, RATES);

        assertThat(metrics.loss()).isCloseTo(simSiam.loss(), within(1e-6));
        assertThat(metrics.outputStd()).isCloseTo(simSiam.outputStd(), within(1e-6));
      }
      TensorMaps.assertNear(net.exportWeights(), expected.exportWeights(), 1e-5);
      TensorMaps.assertNear(net.exportOptimizer(), expected.exportOptimizer(), 1e-4);
    }
  }

  @Test
  void outputsAreThoseOfTrainingModeAndLearnNothing() {
    SimSiam method = SimSiam.of(network(Similarity.COSINE, Symmetry.SYMMETRIC, Targets.LIVE));
    SortedMap<String, Tensor> weights = Hashed.weights(method);
    float[] views = Hashed.pixels(2 * N, SIZE, 1);
    ReferenceStep reference = new ReferenceStep(method, weights, views, N, SIZE);
    Method.Output z = new Method.Output(method.watched(), 1);
    try (TrainingNet net = engine.create(method, weights)) {
      float[] rows = new float[N * 16 + 1];
      net.outputs(views, N, SIZE, List.of(z), rows);
      double[][] expected = reference.output(z);
      for (int i = 0; i < N * 16; i++) {
        assertThat(rows[i]).isCloseTo((float) expected[i / 16][i % 16], within(1e-4f));
      }
      TensorMaps.assertSameBits(net.exportWeights(), weights);
      assertThat(TensorMaps.norm(net.exportOptimizer())).isZero();
    }
  }

  @Test
  void predictsByRunningStatistics() {
    SortedMap<String, Tensor> weights = Hashed.weights(classifier);
    float[] images = Hashed.pixels(N, SIZE, 1);
    double[][] expected = new ReferenceStep(classifier, weights, images, N, SIZE).predictions(0);
    try (TrainingNet net = engine.create(classifier, weights)) {
      float[] features = new float[N * net.featureDim()];
      net.encode(images, N, SIZE, features);
      float[] logits = new float[N * CLASSES];
      net.predict(images, N, SIZE, logits);
      for (int i = 0; i < logits.length; i++) {
        assertThat(logits[i]).isCloseTo((float) expected[i / CLASSES][i % CLASSES], within(1e-4f));
      }
      TensorMaps.assertSameBits(net.exportWeights(), weights);
    }
  }

  @Test
  void theHeadHasARateOfItsOwn() {
    SortedMap<String, Tensor> weights = Hashed.weights(classifier);
    try (TrainingNet net = engine.create(classifier, weights)) {
      net.step(Hashed.pixels(N, SIZE, 1), N, SIZE, labels(), new Rates(0, 0.5, 0.9, 0));
      SortedMap<String, Tensor> moved = net.exportWeights();
      SortedMap<String, Tensor> gradients = net.exportOptimizer();
      for (String name : List.of("fc.weight", "fc.bias")) {
        float[] from = weights.get(name).data();
        for (int i = 0; i < from.length; i++) {
          float expected = from[i] - 0.5f * gradients.get(name).data()[i];
          assertThat(moved.get(name).data()[i]).isCloseTo(expected, within(1e-6f));
        }
      }
      assertThat(moved.get("backbone.conv1.weight").data())
          .isEqualTo(weights.get("backbone.conv1.weight").data());
    }
  }

  @Test
  void aClassifierLearnsTheLabelsOfABatch() {
    SortedMap<String, Tensor> weights = Hashed.weights(classifier);
    float[] images = Hashed.pixels(N, SIZE, 1);
    try (TrainingNet net = engine.create(classifier, weights)) {
      double loss = 0;
      for (int step = 0; step < 60; step++) {
        loss = net.step(images, N, SIZE, labels(), new Rates(0.02, 0.1, 0.9, 0)).loss();
      }
      assertThat(loss).isLessThan(0.05);
    }
  }

  @Test
  void refusesAStepWithoutItsTargets() {
    float[] views = Hashed.pixels(N, SIZE, 1);
    try (TrainingNet net = engine.create(classifier, Hashed.weights(classifier))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> net.step(views, N, SIZE, STILL))
          .withMessage("Cannot train: expected at least 30 values, got 0 (targets)");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> net.predict(views, N, SIZE, new float[29]))
          .withMessage("Cannot predict: expected at least 30 values, got 29 (predictions)");
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  net.outputs(
                      views,
                      N,
                      SIZE,
                      List.of(new Method.Output("backbone.conv1", 0)),
                      new float[99]))
          .withMessage(
              "Cannot compute outputs: expected one of [fc] of 1 views, got"
                  + " Output[node=backbone.conv1, view=0]");
    }
  }
}
