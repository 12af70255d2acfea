package simsiam.pipelines.config.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import simsiam.model.engine.Device;
import simsiam.model.train.spec.DeviceCache;
import simsiam.pipelines.config.RunConfig;

/** {@code train.device}, the one key whose values are words and numbers. */
class DeviceKeyTest {
  private static RunConfig load(String device) {
    return new ConfigLoader(Optional.empty())
        .load(Path.of("../conf/base.yaml"), List.of("train.device=" + device))
        .config();
  }

  private static Map<String, Object> train(String device) {
    return ConfigValues.slice(load(device), List.of("train"));
  }

  @Test
  void namesOneOfSeveral() {
    assertThat(load("cuda:1").train().device()).isEqualTo(Device.cuda(1));
    assertThat(load("cuda:0").train().device()).isEqualTo(Device.CUDA);
    assertThat(ConfigValues.results(load("cuda:1"))).containsEntry("train.device", "cuda:1");
  }

  /** A run may be continued, and its outputs used, on another of a machine's devices. */
  @Test
  void whichOfSeveralItIsChangesNoFingerprint() {
    assertThat(train("cuda:1")).isEqualTo(train("cuda")).containsEntry("train.device", "cuda");
    assertThat(train("auto")).isNotEqualTo(train("cuda"));
  }

  @Test
  void isNothingElse() {
    for (String wrong : List.of("gpu", "cuda:x", "cuda:128", "CUDA", "cpu:0")) {
      assertThatThrownBy(() -> load(wrong))
          .hasMessageContaining(
              "expected auto, cpu, cuda, or cuda:N with N from 0 to 127, got " + wrong);
    }
  }

  @Test
  void determinismIsAskedForByAFingerprintOfItsOwn() {
    RunConfig asked =
        new ConfigLoader(Optional.empty())
            .load(Path.of("../conf/base.yaml"), List.of("train.deterministic=true"))
            .config();
    assertThat(train("auto")).doesNotContainKey("train.deterministic");
    assertThat(ConfigValues.slice(asked, List.of("train")))
        .containsEntry("train.deterministic", true);
  }

  private static RunConfig loaded(String... overrides) {
    return new ConfigLoader(Optional.empty())
        .load(Path.of("../conf/base.yaml"), List.of(overrides))
        .config();
  }

  /** Where pixels lie changes no result. */
  @Test
  void theCacheIsInNoFingerprint() {
    RunConfig never = loaded("train.device_cache=never");
    assertThat(never.train().deviceCache()).isEqualTo(DeviceCache.NEVER);
    assertThat(ConfigValues.slice(never, List.of("train"))).isEqualTo(train("auto"));
    assertThat(loaded("train.device_cache=always", "augment.device=auto").train().deviceCache())
        .isEqualTo(DeviceCache.ALWAYS);
  }

  @Test
  void theCacheIsForViewsThatTheDeviceMakes() {
    for (String other : List.of("augment.device=cpu", "objective.targets=epoch")) {
      assertThatThrownBy(() -> loaded("augment.device=auto", other, "train.device_cache=always"))
          .hasMessageContaining(
              "auto or never where augment.device is cpu or objective.targets is not live");
    }
  }
}
