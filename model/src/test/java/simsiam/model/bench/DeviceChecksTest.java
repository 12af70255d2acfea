package simsiam.model.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import simsiam.model.bench.DeviceChecks.Check;
import simsiam.model.engine.Device;
import simsiam.model.engine.Engine;
import simsiam.model.engine.Precision;
import simsiam.model.engine.ReferenceCase;
import simsiam.model.engine.nd4j.Nd4jEngine;
import simsiam.model.engine.torch.TorchEngine;
import simsiam.model.engine.torch.TorchSettings;
import simsiam.model.engine.torch.bench.TorchLimits;

/** What a GPU is checked by, on libtorch's CPU device: it passes, and what is wrong does not. */
class DeviceChecksTest {
  private record OnTheCpu(Precision claimed) implements MeasuredEngines {
    @Override
    public List<Precision> precisions() {
      return List.of(Precision.FP32, Precision.BF16);
    }

    /** In another precision than it says, if it was told so. */
    @Override
    public Engine engine(Precision precision, boolean deterministic) {
      Precision real = precision == Precision.FP32 ? claimed : precision;
      return new TorchEngine(new TorchSettings(Device.CPU, real, 1, deterministic, 2));
    }

    @Override
    public Engine reference() {
      return new Nd4jEngine();
    }

    @Override
    public MachineLimits limits() {
      return new MachineLimits(1, OptionalDouble.empty(), 1);
    }
  }

  private static List<Check> run(Precision claimed) {
    return new DeviceChecks(new OnTheCpu(claimed), ReferenceCase.spec("resnet10"), 8, 16).run();
  }

  @Test
  void libtorchOnTheCpuPasses() {
    List<Check> checks = run(Precision.FP32);
    assertThat(checks).extracting(Check::name).hasSize(11).startsWith("loss of one step, fp32");
    assertThat(checks).allMatch(Check::passes);
    assertThat(checks)
        .filteredOn(check -> check.name().equals("gradient, relative, bf16"))
        .allMatch(check -> check.found() > 1e-3);
  }

  @Test
  void anEngineThatRoundsMoreThanItSaysDoesNot() {
    assertThat(run(Precision.BF16))
        .filteredOn(check -> !check.passes())
        .extracting(Check::name)
        .contains("gradient, relative, fp32", "features, relative, fp32");
  }

  @Test
  void limitsOfADeviceAreRates() {
    MachineLimits limits = TorchLimits.measure(Device.CPU, 64, 1 << 16);
    assertThat(limits.gemmGigaflops()).isPositive().isLessThan(1e6);
    assertThat(limits.bfloat16Gigaflops().orElseThrow()).isPositive();
    assertThat(limits.copyGigabytes()).isPositive().isLessThan(1e6);
  }
}
