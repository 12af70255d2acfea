package simsiam.model.engine.nd4j.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static simsiam.model.engine.nd4j.plan.ElementType.BFLOAT16;
import static simsiam.model.engine.nd4j.plan.ElementType.FLOAT32;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import simsiam.model.net.Arch;
import simsiam.model.net.EncoderSpec;
import simsiam.model.net.Method;
import simsiam.model.net.NetworkSpec;
import simsiam.model.net.ObjectiveSpec;
import simsiam.model.net.PredictorKind;
import simsiam.model.net.PredictorSpec;
import simsiam.model.net.ProjectorSpec;
import simsiam.model.net.Similarity;
import simsiam.model.net.Stem;
import simsiam.model.net.Symmetry;

class PlanTest {
  private static Method method(Arch arch, Stem stem) {
    return Method.of(
        new NetworkSpec(
            new EncoderSpec(arch, stem, 64, false),
            new ProjectorSpec(2, 2048, true, true, true),
            new PredictorSpec(PredictorKind.MLP, 512, true, false),
            new ObjectiveSpec(Similarity.COSINE, true, Symmetry.SYMMETRIC)));
  }

  private static long size(Plan plan) {
    return plan.storages().stream().mapToLong(Plan::size).sum();
  }

  private static void assertNoneMeet(Plan plan) {
    for (List<Buffer> storage : plan.storages()) {
      for (int i = 0; i < storage.size(); i++) {
        for (int j = 0; j < i; j++) {
          assertThat(storage.get(i).meets(storage.get(j)))
              .as("%s and %s", storage.get(i), storage.get(j))
              .isFalse();
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Arch.class)
  void neverPutsTwoMapsInOnePlaceAtOnce(Arch arch) {
    assertNoneMeet(Plan.training(method(arch, Stem.IMAGENET), 2, 64, FLOAT32));
    assertNoneMeet(Plan.evaluation(method(arch, Stem.CIFAR).encoder(), 2, 32, Map.of(), FLOAT32));
  }

  /**
   * Batch norm needs the output of every convolution, a convolution its input: the values of a
   * ResNet-18 are kept twice, and gradients take two more of the largest maps.
   */
  @Test
  void keepsInTrainingWhatTheBackwardPassNeeds() {
    Plan plan = Plan.training(method(Arch.RESNET18, Stem.CIFAR), 1, 32, FLOAT32);
    long views = 2;
    long pixels = views * 32 * 32 * 3;
    long stages = 32 * 32 * 64 + 16 * 16 * 128 + 8 * 8 * 256 + 4 * 4 * 512;
    long outputs = views * (32 * 32 * 64 + 4 * stages + stages - 32 * 32 * 64);
    long activations = views * (32 * 32 * 64 + 4 * stages);
    long heads = views * (512 + 2 * (2048 + 2048 + 512 + 2048) + 2048);
    long gradients = 2 * views * 32 * 32 * 64;

    assertThat(size(plan))
        .isLessThanOrEqualTo(pixels + outputs + activations + heads + gradients)
        .isGreaterThan(pixels + outputs + activations);
  }

  /** Maps take half the memory; what the heads and the loss read, and its gradients, all of it. */
  @Test
  void storesMapsInBfloat16AndRowsInFloat32() {
    Method method = method(Arch.RESNET18, Stem.IMAGENET);
    Plan plan = Plan.training(method, 2, 224, BFLOAT16);
    assertNoneMeet(plan);
    assertThat(size(plan)).isLessThan((long) (0.51 * size(Plan.training(method, 2, 224, FLOAT32))));
    plan.values()
        .forEach(
            (name, buffer) ->
                assertThat(buffer.type())
                    .as(name)
                    .isEqualTo(
                        (name.startsWith("backbone.") && !name.equals("backbone.avgpool"))
                                || name.equals(method.network().input())
                            ? BFLOAT16
                            : FLOAT32));
    for (Plan.Step step : plan.steps()) {
      step.gradients()
          .flatMap(Plan.Gradients::input)
          .ifPresent(made -> assertThat(made.type()).isEqualTo(step.input().type()));
    }
  }

  /** What a block reads, its shortcut, and what one convolution reads and makes. */
  @Test
  void takesFewMapsInEvalMode() {
    Plan plan =
        Plan.evaluation(method(Arch.RESNET50, Stem.IMAGENET).encoder(), 1, 224, Map.of(), FLOAT32);

    assertThat(size(plan)).isLessThan(4L * 112 * 112 * 64);
  }

  @Test
  void worksInPlaceInEvalMode() {
    Plan plan =
        Plan.evaluation(method(Arch.RESNET18, Stem.CIFAR).encoder(), 1, 32, Map.of(), FLOAT32);

    assertThat(plan.values().get("backbone.relu")).isSameAs(plan.values().get("backbone.conv1"));
    assertThat(plan.values().get("backbone.layer1.0.relu"))
        .isSameAs(plan.values().get("backbone.layer1.0.conv2"));
  }

  @Test
  void aTapLivesToTheEnd() {
    Method method = method(Arch.RESNET10, Stem.CIFAR);
    String layer1 = method.encoder().taps().get("layer1");
    Plan plan = Plan.evaluation(method.encoder(), 4, 32, Map.of(layer1, 2), FLOAT32);
    Buffer tap = plan.values().get(Plan.tap(layer1));

    assertThat(tap.shape()).isEqualTo(new MapShape(4, 2, 2, 64));
    Stream<Buffer> later =
        Stream.of("backbone.layer4.0.relu", "backbone.avgpool").map(plan.values()::get);
    assertThat(later).allMatch(tap::meets);
    assertNoneMeet(plan);
  }

  /** The gradient of a hidden activation lies over it; that of a block's output cannot. */
  @Test
  void reusesValuesForGradients() {
    Plan plan = Plan.training(method(Arch.RESNET18, Stem.CIFAR), 2, 32, FLOAT32);

    assertThat(gradient(plan, "backbone.layer1.0.conv2"))
        .isSameAs(plan.values().get("backbone.layer1.0.relu1"));
    assertThat(gradient(plan, "backbone.layer1.1.conv1"))
        .isNotSameAs(plan.values().get("backbone.layer1.0.relu"));
  }

  /** Where a layer leaves the gradient of its input. */
  private static Buffer gradient(Plan plan, String output) {
    return plan.steps().stream()
        .filter(step -> step.layer().output().equals(output))
        .findFirst()
        .flatMap(Plan.Step::gradients)
        .flatMap(Plan.Gradients::input)
        .orElseThrow();
  }
}
