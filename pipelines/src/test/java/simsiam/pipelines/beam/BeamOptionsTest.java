package simsiam.pipelines.beam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.beam.runners.direct.DirectOptions;
import org.junit.jupiter.api.Test;
import simsiam.pipelines.stage.Runner;
import simsiam.pipelines.stage.RunnerOptions;

class BeamOptionsTest {
  @Test
  void theDirectRunnerLeavesItsChecksOut() {
    DirectOptions options = direct(List.of());

    assertThat(options.isEnforceImmutability()).isFalse();
    assertThat(options.isEnforceEncodability()).isFalse();
    assertThat(options.getTargetParallelism())
        .isEqualTo(Runtime.getRuntime().availableProcessors() + 1);
  }

  @Test
  void argumentsComeFirst() {
    DirectOptions options =
        direct(
            List.of(
                "--enforceImmutability", "--enforceEncodability=true", "--targetParallelism=7"));

    assertThat(options.isEnforceImmutability()).isTrue();
    assertThat(options.isEnforceEncodability()).isTrue();
    assertThat(options.getTargetParallelism()).isEqualTo(7);
  }

  @Test
  void anUnknownOptionIsNamedWithItsNearest() {
    assertThatThrownBy(() -> BeamOptions.parse(List.of("--targetParalelism=2")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("targetParalelism")
        .hasMessageContaining("targetParallelism");
  }

  @Test
  void aRunnerWhoseJarsAreAbsentIsNamedWithItsProfile() {
    assertThatThrownBy(() -> BeamOptions.parse(new RunnerOptions(Runner.FLINK, List.of())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot use the flink runner: expected its jars, which come with the Maven profile"
                + " flink, got a build without them (build again with MAVEN_ARGS=-Pflink before"
                + " the command)");
  }

  private static DirectOptions direct(List<String> arguments) {
    return BeamOptions.parse(arguments).as(DirectOptions.class);
  }
}
