package simsiam.model.engine.nd4j.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import simsiam.model.engine.Device;
import simsiam.model.engine.Precision;
import simsiam.model.train.EngineSelection;
import simsiam.model.train.spec.EngineChoice;

class Bfloat16InstructionsTest {
  @ParameterizedTest
  @CsvSource({
    "avx2, NONE",
    "avx2_vnni_2, NONE",
    "avx512_core, NONE",
    "avx512_core_vnni, NONE",
    "avx512_core_bf16, AVX512_BF16",
    "avx512_core_fp16, AVX512_BF16",
    "avx10_1_512, AVX512_BF16",
    "avx512_core_amx, AMX",
    "avx10_1_512_amx, AMX",
    "avx512_core_amx_fp16, AMX",
    "avx10_2_512_amx_2, AMX"
  })
  void knowsThemByOneDnnsNames(String set, Bfloat16Instructions expected) {
    assertThat(Bfloat16Instructions.of(set)).isEqualTo(expected);
  }

  /** A processor that has no more than AVX-512, by oneDNN's own limit, in a process of its own. */
  @Test
  void trainingInBfloat16IsRefusedWithoutThem() throws IOException, InterruptedException {
    assumeThat(Bfloat16Instructions.here().present()).isTrue();
    ProcessBuilder limited =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            AsksForBfloat16.class.getName());
    limited.environment().put("ONEDNN_MAX_CPU_ISA", "AVX512_CORE");
    limited.environment().put("OMP_NUM_THREADS", "1");
    Process process = limited.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said)
        .contains(
            "Cannot train in bf16: expected a processor with AMX or AVX512_BF16, got one whose"
                + " instructions are avx512_core, on which a step in bf16 takes at least 1.6 times"
                + " as long as in fp32 (train.precision=fp32 trains on it)")
        .contains("fp32 is taken");
  }

  /** What the process does. */
  static final class AsksForBfloat16 {
    private AsksForBfloat16() {}

    public static void main(String[] args) {
      for (Precision precision : new Precision[] {Precision.FP32, Precision.BF16}) {
        String name = precision.name().toLowerCase(Locale.ROOT);
        try {
          EngineSelection.of(EngineChoice.ND4J, Device.CPU, precision);
          System.out.println(name + " is taken");
        } catch (IllegalStateException e) {
          System.out.println(e.getMessage());
        }
      }
    }
  }
}
