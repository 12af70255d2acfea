package simsiam.model.engine.nd4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import simsiam.model.engine.nd4j.host.HostKernels;
import simsiam.model.engine.nd4j.kernels.Kernels;
import simsiam.model.engine.nd4j.kernels.Parameters;
import simsiam.model.engine.nd4j.plan.ElementType;
import simsiam.model.net.Arch;
import simsiam.model.net.EncoderSpec;
import simsiam.model.net.Method;
import simsiam.model.net.NetworkLayout;
import simsiam.model.net.NetworkSpec;
import simsiam.model.net.Stem;
import simsiam.model.net.Tensor;

/** What fails half-way frees what it had taken, at once and not when Java next collects garbage. */
@EnabledOnOs(OS.LINUX)
class NativeMemoryTest {
  private static final int TIMES = 20;

  /** Pixels of 98 MB, behind which the stem's maps are beyond an array's limit. */
  private static final int BATCH = 2;

  private static final int SIZE = 1460;
  private static final NetworkSpec WIDE =
      Networks.with(new EncoderSpec(Arch.RESNET10, Stem.CIFAR, 64, false));

  /** Bytes of address space: memory that was asked for counts before it is touched. */
  private static long addressSpace() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmSize:"))
        .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }

  private static void failsWithoutLeak(Runnable binding) throws IOException {
    Nd4jBackend.load();
    long before = addressSpace();
    for (int i = 0; i < TIMES; i++) {
      assertThatThrownBy(binding::run)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("Cannot allocate a feature map: expected 1 to 536870911 floats");
    }
    assertThat(addressSpace() - before).isLessThan(500L << 20);
  }

  @Test
  void ofATrainingStep() throws IOException {
    try (Parameters parameters = new Parameters(NetworkLayout.of(WIDE));
        Kernels kernels = new HostKernels(parameters, 1)) {
      failsWithoutLeak(
          () ->
              new TrainingStep(Method.of(WIDE), kernels, BATCH, SIZE, ElementType.FLOAT32).close());
    }
  }

  @Test
  void ofAnEncoder() throws IOException {
    try (Parameters parameters = new Parameters(NetworkLayout.of(WIDE));
        Kernels kernels = new HostKernels(parameters, 1)) {
      failsWithoutLeak(
          () ->
              new EvalEncoder(
                      Method.of(WIDE).encoder(),
                      kernels,
                      2 * BATCH,
                      SIZE,
                      List.of(),
                      ElementType.FLOAT32)
                  .close());
    }
  }

  @Test
  void ofANetworkWhoseWeightsAreUnreadable() throws InterruptedException {
    NetworkSpec spec = Networks.small();
    SortedMap<String, Tensor> unreadable =
        new TreeMap<>(NetworkLayout.of(spec).initialise(1)) {
          private static final long serialVersionUID = 1L;

          @Override
          public Tensor get(Object name) {
            throw new IllegalStateException("made up");
          }

          @Override
          public java.util.Set<java.util.Map.Entry<String, Tensor>> entrySet() {
            throw new IllegalStateException("made up");
          }
        };
    long before = workers();
    for (int i = 0; i < TIMES; i++) {
      assertThatThrownBy(() -> Networks.net(spec, unreadable, 3))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("made up");
    }
    for (int wait = 0; wait < 500 && workers() > before; wait++) {
      Thread.sleep(10); // a worker that was told to end does so by itself
    }
    assertThat(workers()).isEqualTo(before);
  }

  private static long workers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("nd4j-worker-"))
        .count();
  }
}
