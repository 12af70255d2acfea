package simsiam.model.engine.nd4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assumptions.assumeThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import simsiam.model.engine.Device;
import simsiam.model.engine.Precision;
import simsiam.model.train.EngineSelection;
import simsiam.model.train.spec.EngineChoice;

/** ND4J on CUDA, as far as a machine without such a device can tell, in whichever build. */
class Nd4jCudaTest {
  private static CudaDevice device(String capability) {
    String[] numbers = capability.split("\\.", -1);
    return new CudaDevice("NVIDIA X", Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "3.7", "5.0", "5.2", "5.3", "6.0", "6.1", "6.2", "7.0", "7.2", "7.5", "8.0", "8.6", "8.7",
        "8.9"
      })
  void hasCodeForDevicesOfTheGenerationsItWasBuiltFor(String capability) {
    assertThat(device(capability).problem()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.0", "3.5", "9.0", "10.0", "12.0"})
  void namesADeviceThatItHasNoCodeFor(String capability) {
    assertThat(device(capability).problem())
        .contains(
            "ND4J has code for compute capability 3.7 and 5.0 to 8.9, not for NVIDIA X (compute"
                + " capability "
                + capability
                + ")");
  }

  @Test
  void namesWhatTheLoaderMisses() {
    String missing = ": cannot open shared object file: No such file or directory";

    assertThat(Nd4jCuda.problem("/cache/cuda.jar/libjnicudart.so: libcuda.so.1" + missing))
        .isEqualTo("there is no NVIDIA driver (libcuda.so.1" + missing + ")");
    assertThat(Nd4jCuda.problem("/cache/cuda.jar/libjnicublas.so: libcublas.so.11" + missing))
        .isEqualTo(
            "the loader must find CUDA 11.6 or a later 11, with cuBLAS, cuSOLVER and cuSPARSE"
                + " (LD_LIBRARY_PATH): libcublas.so.11"
                + missing);
  }

  @Test
  void isRefusedWithTheWayOutWhereItCannotBe() {
    assumeThat(Nd4jOpsEngine.cudaProblem()).isPresent();
    String problem = Nd4jOpsEngine.cudaProblem().orElseThrow();

    assertThatIllegalStateException()
        .isThrownBy(() -> EngineSelection.of(EngineChoice.ND4J, Device.CUDA, Precision.FP32))
        .withMessage(
            "Cannot train on CUDA: expected a build with -Pnd4j-cuda and a CUDA device of compute"
                + " capability 3.7 and 5.0 to 8.9, got none (train.engine is nd4j, train.device is"
                + " cuda, and "
                + problem
                + "); train.device=cpu trains on the CPU, train.engine=torch with -Ptorch-cuda on"
                + " newer devices");
    assertThatIllegalStateException()
        .isThrownBy(Nd4jOpsEngine::cuda)
        .withMessage(
            "Cannot use ND4J on CUDA: expected a CUDA device that it can use, got none (%s)"
                .formatted(problem));
  }

  @Test
  void saysWhichBuildHasIt() {
    assumeThat(Nd4jOpsEngine.hasCuda()).isFalse();

    assertThat(Nd4jOpsEngine.cudaProblem())
        .contains("this build has no ND4J for CUDA; -Pnd4j-cuda ships it");
  }

  @Test
  void leavesTheCpuToItsKernels() {
    assumeThat(Nd4jOpsEngine.cudaProblem()).isPresent();
    for (Device device : new Device[] {Device.AUTO, Device.CPU}) {
      EngineSelection selection = EngineSelection.of(EngineChoice.ND4J, device, Precision.FP32);
      assertThat(selection.engine()).isInstanceOf(Nd4jEngine.class);
      assertThat(selection.reason()).startsWith("train.engine is nd4j");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EngineSelection.of(EngineChoice.ND4J, Device.CPU, Precision.TF32))
        .withMessage(
            "Cannot train with ND4J: expected precision fp32 or bf16 on the CPU, got tf32");
  }
}
