package simsiam.model.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import simsiam.model.file.CanonicalJson;

class DeviceTest {
  private static Device of(String word) {
    return Device.parse(word).orElseThrow();
  }

  @Test
  void isReadAndWrittenAsItIsConfigured() {
    for (String word : List.of("auto", "cpu", "cuda", "cuda:1", "cuda:127")) {
      assertThat(of(word)).hasToString(word);
      assertThat(CanonicalJson.parse(CanonicalJson.compact(of(word)), Device.class))
          .isEqualTo(of(word));
    }
    assertThat(of("cuda:0")).isEqualTo(Device.CUDA).hasSameHashCodeAs(Device.CUDA);
    assertThat(of("cuda:2").index()).isEqualTo(2);
    assertThat(of("cuda:2")).isNotEqualTo(Device.CUDA);
  }

  @Test
  void isNothingElse() {
    for (String word :
        List.of("", "gpu", "CUDA", "cuda:", "cuda:-1", "cuda:128", "cpu:1", "auto:1")) {
      assertThat(Device.parse(word)).as(word).isEmpty();
    }
    assertThatThrownBy(() -> Device.cuda(128))
        .hasMessage("Cannot name a CUDA device: expected a number from 0 to 127, got 128");
  }

  /** Checkpoints of earlier releases have the names of an enum's constants. */
  @Test
  void hasKeptItsPlaceInCheckpoints() {
    assertThat(CanonicalJson.compact(Device.AUTO)).isEqualTo("\"AUTO\"");
    assertThat(CanonicalJson.compact(Device.CUDA)).isEqualTo("\"CUDA\"");
    assertThat(CanonicalJson.parse("\"CPU\"", Device.class)).isEqualTo(Device.CPU);
  }

  @Test
  void aDeviceThatIsWantedOnlyIfThereKeepsItsNumber() {
    assertThat(of("cuda:3").ifThere().kind()).isEqualTo(Device.Kind.AUTO);
    assertThat(of("cuda:3").ifThere().index()).isEqualTo(3);
    assertThat(Device.CUDA.ifThere()).isEqualTo(Device.AUTO);
    assertThat(Device.CPU.ifThere()).isEqualTo(Device.CPU);
  }
}
