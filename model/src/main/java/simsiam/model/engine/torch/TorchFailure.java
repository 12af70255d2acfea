package simsiam.model.engine.torch;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.javacpp.Pointer;
import simsiam.model.engine.Device;
import simsiam.model.engine.DeviceException;
import simsiam.model.engine.StepMemory;

/** What libtorch throws when a device cannot go on, in words of ours. */
final class TorchFailure {
  private static final double GIB = 1L << 30;
  private static final String SIZE = "([\\d.]+) (bytes|KiB|MiB|GiB)";

  /** "GPU 0 has a total capacity of 79.15 GiB of which 3.00 GiB is free." */
  private static final Pattern CUDA_MEMORY =
      Pattern.compile("(?s)out of memory\\. Tried to allocate " + SIZE + "\\..*?of which " + SIZE);

  /** "Of the allocated memory 70.00 GiB is allocated by PyTorch, ...". */
  private static final Pattern CUDA_TAKEN =
      Pattern.compile("(?s)allocated memory " + SIZE + ".*?and " + SIZE + " is reserved");

  private static final Pattern CPU_MEMORY =
      Pattern.compile("can't allocate memory: you tried to allocate (\\d+) bytes");

  private static final Pattern LOST =
      Pattern.compile("(?i)CUDA error|cuDNN error|CUDNN_STATUS|CUBLAS_STATUS|NVIDIA driver");

  /**
   * What had been taken when memory ran out, in bytes.
   *
   * @param asked that were refused
   * @param taken by libtorch
   * @param free beside that
   */
  record Shortage(long asked, long taken, long free) {}

  private TorchFailure() {}

  /** The first line of what went wrong; behind it libtorch has the frames of its stack. */
  static String firstLine(RuntimeException failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("").strip();
  }

  /** Runs work of which no batch is known. */
  static <T> T told(Device device, String action, Supplier<T> work) {
    try {
      return work.get();
    } catch (RuntimeException e) {
      throw of(e, device, action, Optional.empty(), 0);
    }
  }

  /**
   * Runs a step.
   *
   * @param memory that it takes, asked for if it fails
   */
  static <T> T told(Device device, Supplier<StepMemory> memory, int batch, Supplier<T> work) {
    try {
      return work.get();
    } catch (RuntimeException e) {
      throw of(e, device, "train", Optional.of(memory.get()), batch);
    }
  }

  /** The failure in our words, if it is the device's; else itself. */
  static RuntimeException of(
      RuntimeException failure,
      Device device,
      String action,
      Optional<StepMemory> memory,
      int batch) {
    Optional<Shortage> shortage = shortage(failure);
    if (shortage.isPresent()) {
      String words =
          "Cannot %s: expected memory on %s, got %s free where %s more were asked for"
              .formatted(action, device, gib(shortage.get().free()), gib(shortage.get().asked()));
      return new DeviceException(
          words + memory.map(of -> advice(of, batch, shortage.get())).orElse(""), failure);
    }
    String line = firstLine(failure);
    return LOST.matcher(line).find()
        ? new DeviceException(
            "Cannot %s: expected %s to answer, got: %s".formatted(action, device, line), failure)
        : failure;
  }

  private static String advice(StepMemory memory, int batch, Shortage shortage) {
    int fits =
        memory.fitting(
            batch, shortage.taken() + shortage.asked(), shortage.taken() + shortage.free());
    return fits >= 2
        ? " (train.batch_size is %s; about %s would fit)".formatted(batch, fits)
        : " (train.batch_size is %s, and none would fit: a smaller network or augment.crop_size would)"
            .formatted(batch);
  }

  /** Empty if it is another failure. */
  static Optional<Shortage> shortage(RuntimeException failure) {
    String text = String.valueOf(failure.getMessage());
    Matcher cuda = CUDA_MEMORY.matcher(text);
    if (cuda.find()) {
      Matcher taken = CUDA_TAKEN.matcher(text);
      boolean known = taken.find();
      long idle = known ? bytes(taken, 3) : 0;
      return Optional.of(
          new Shortage(bytes(cuda, 1), known ? bytes(taken, 1) : 0, bytes(cuda, 3) + idle));
    }
    Matcher cpu = CPU_MEMORY.matcher(text);
    if (cpu.find()) {
      OperatingSystemMXBean system =
          (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
      return Optional.of(
          new Shortage(
              Long.parseLong(cpu.group(1)), Pointer.physicalBytes(), system.getFreeMemorySize()));
    }
    return Optional.empty();
  }

  private static long bytes(Matcher found, int group) {
    double unit =
        switch (found.group(group + 1)) {
          case "KiB" -> 1L << 10;
          case "MiB" -> 1L << 20;
          case "GiB" -> GIB;
          default -> 1;
        };
    return (long) (Double.parseDouble(found.group(group)) * unit);
  }

  private static String gib(long bytes) {
    return String.format(Locale.ROOT, "%.2f GiB", bytes / GIB);
  }
}
