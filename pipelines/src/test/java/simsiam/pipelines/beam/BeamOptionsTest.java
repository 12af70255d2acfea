package simsiam.pipelines.beam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.beam.runners.direct.DirectOptions;
import org.junit.jupiter.api.Test;

class BeamOptionsTest {
  @Test
  void theDirectRunnerLeavesItsChecksOut() {
    DirectOptions options = direct(List.of());

    assertThat(options.isEnforceImmutability()).isFalse();
    assertThat(options.isEnforceEncodability()).isFalse();
    assertThat(options.getTargetParallelism())
        .isEqualTo(Runtime.getRuntime().availableProcessors());
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
  void anUnknownRunnerIsNamedWithThoseThereAre() {
    assertThatThrownBy(() -> BeamOptions.parse(List.of("--runner=Flunk")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Flunk")
        .hasMessageContaining("DirectRunner");
  }

  private static DirectOptions direct(List<String> arguments) {
    return BeamOptions.parse(arguments).as(DirectOptions.class);
  }
}
