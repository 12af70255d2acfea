package simsiam.model.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import simsiam.model.engine.Device;
import simsiam.model.engine.DeviceException;
import simsiam.model.engine.StepMemory;

/** Messages of CUDA are as libtorch 2.10 writes them; no test here has a device. */
class TorchFailureTest {
  private static final long GIB = 1L << 30;

  private static final String CUDA =
      "CUDA out of memory. Tried to allocate 2.00 GiB. GPU 1 has a total capacity of 79.15 GiB of"
          + " which 1.50 GiB is free. Including non-PyTorch memory, this process has 77.60 GiB"
          + " memory in use. Of the allocated memory 74.00 GiB is allocated by PyTorch, and 512.00"
          + " MiB is reserved by PyTorch but unallocated. If reserved but unallocated memory is"
          + " large try setting PYTORCH_ALLOC_CONF=expandable_segments:True\n"
          + "Exception raised from malloc at CUDACachingAllocator.cpp:1455";

  private static RuntimeException told(String message, Optional<StepMemory> memory, int batch) {
    return TorchFailure.of(new RuntimeException(message), Device.cuda(1), "train", memory, batch);
  }

  @Test
  void outOfMemoryOnCudaNamesTheBatchThatWouldFit() {
    StepMemory memory = new StepMemory(4 * GIB, GIB / 16);

    // 72 of 76 GiB were of 1024 images: an image takes at least 72 / 1024; (0.95 * 76 - 4) / that.
    assertThat(told(CUDA, Optional.of(memory), 1024))
        .isInstanceOf(DeviceException.class)
        .hasMessage(
            "Cannot train: expected memory on cuda:1, got 2.00 GiB free where 2.00 GiB more were"
                + " asked for (train.batch_size is 1024; about 968 would fit)")
        .hasCauseInstanceOf(RuntimeException.class);
  }

  @Test
  void outOfMemoryOfWorkWithoutABatchSaysSo() {
    assertThat(told(CUDA, Optional.empty(), 0))
        .hasMessage(
            "Cannot train: expected memory on cuda:1, got 2.00 GiB free where 2.00 GiB more were"
                + " asked for");
  }

  @Test
  void aNetworkThatLeavesNoRoomForImagesIsNamed() {
    StepMemory memory = new StepMemory(80 * GIB, GIB);
    assertThat(told(CUDA, Optional.of(memory), 4).getMessage())
        .endsWith(
            "(train.batch_size is 4, and none would fit: a smaller network or augment.crop_size"
                + " would)");
  }

  @Test
  void aLostDeviceIsNamedInOneLine() {
    assertThat(
            told(
                "CUDA error: an illegal memory access was encountered\nCompile with",
                Optional.empty(),
                0))
        .isInstanceOf(DeviceException.class)
        .hasMessage(
            "Cannot train: expected cuda:1 to answer, got: CUDA error: an illegal memory access was"
                + " encountered");
    assertThat(
            told(
                "The NVIDIA driver on your system is too old (found version 11040).",
                Optional.empty(),
                0))
        .hasMessageContaining("got: The NVIDIA driver on your system is too old (found");
  }

  @Test
  void otherFailuresStayWhatTheyAre() {
    RuntimeException other = new RuntimeException("The size of tensor a (3) must match");
    assertThat(TorchFailure.of(other, Device.CPU, "train", Optional.empty(), 0)).isSameAs(other);
    assertThat(TorchFailure.told(Device.CPU, "train", () -> 3)).isEqualTo(3);
  }

  /** More than a process can address: what libtorch itself says on the CPU is understood. */
  @Test
  void outOfMemoryOnTheCpuIsRecognised() {
    TorchRuntime.open(TorchSettings.cpu());
    StepMemory memory = new StepMemory(0, 1L << 42);
    assertThatThrownBy(
            () ->
                TorchFailure.told(
                    Device.CPU,
                    () -> memory,
                    8,
                    () -> NativeScope.freeing(() -> torch.empty(1L << 46).numel())))
        .isInstanceOf(DeviceException.class)
        .hasMessageMatching(
            "Cannot train: expected memory on cpu, got \\d+\\.\\d\\d GiB free where 262144\\.00 GiB"
                + " more were asked for \\(train\\.batch_size is 8, and none would fit: .*");
  }
}
