package simsiam.model.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import simsiam.model.config.InvalidConfigException;
import simsiam.model.file.CanonicalJson;

class ObjectiveSpecTest {
  /** As it stands in a checkpoint of a release that had no other targets. */
  @Test
  void withoutWordOfTargetsTheyAreTheStepsOwn() {
    String old = "{\"similarity\":\"COSINE\",\"stop_gradient\":true,\"symmetry\":\"SYMMETRIC\"}";

    ObjectiveSpec read = CanonicalJson.parse(old, ObjectiveSpec.class);

    assertThat(read)
        .isEqualTo(new ObjectiveSpec(Similarity.COSINE, true, Symmetry.SYMMETRIC))
        .isEqualTo(CanonicalJson.parse(CanonicalJson.compact(read), ObjectiveSpec.class));
    assertThat(read.targets()).isEqualTo(Targets.LIVE);
    assertThat(read.targetSteps()).isEqualTo(1);
  }

  @Test
  void refusesWhatMakesNoSenseTogether() {
    refused(Similarity.COSINE, true, Targets.LIVE, 10, 0)
        .hasMessageContaining(
            "target_steps: expected 1 where objective.targets is not steps, got 10");
    refused(Similarity.COSINE, true, Targets.EPOCH, 10, 0).hasMessageContaining("target_steps");
    refused(Similarity.COSINE, true, Targets.STEPS, 0, 0)
        .hasMessageContaining("target_steps: expected at least 1, got 0");
    refused(Similarity.COSINE, true, Targets.STEPS, 10, 0.8)
        .hasMessageContaining(
            "target_momentum: expected 0 where objective.targets is not moving_average, got 0.8");
    refused(Similarity.COSINE, true, Targets.MOVING_AVERAGE, 1, 1)
        .hasMessageContaining("target_momentum: expected a number from 0.0 to 0.999999, got 1.0");
    refused(Similarity.COSINE, false, Targets.EPOCH, 1, 0)
        .hasMessageContaining(
            "stop_gradient: expected true where objective.targets is not live: no gradient goes"
                + " through targets made before, got false");
    refused(Similarity.CROSS_ENTROPY, true, Targets.MOVING_AVERAGE, 1, 0.8)
        .hasMessageContaining(
            "similarity: expected cosine where objective.targets is moving_average, which averages"
                + " directions, got cross_entropy");
  }

  private static AbstractThrowableAssert<?, ?> refused(
      Similarity similarity, boolean stop, Targets targets, int steps, double momentum) {
    return assertThatThrownBy(
            () -> new ObjectiveSpec(similarity, stop, Symmetry.SYMMETRIC, targets, steps, momentum))
        .isInstanceOf(InvalidConfigException.class);
  }
}
