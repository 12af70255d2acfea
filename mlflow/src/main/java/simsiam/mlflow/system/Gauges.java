package simsiam.mlflow.system;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Reads the machine's load: from {@code /proc} where there is one, from the JVM elsewhere. */
final class Gauges {
  static final String CPU = "system/cpu_utilization_percentage";

  private static final double MEGA = 1e6;
  private static final Path MEMORY = Path.of("/proc/meminfo");
  private static final Path PROCESS = Path.of("/proc/self/status");
  private static final List<String> NVIDIA =
      List.of(
          "nvidia-smi",
          "--query-gpu=index,utilization.gpu,memory.used,memory.total,power.draw",
          "--format=csv,noheader,nounits");

  private final com.sun.management.OperatingSystemMXBean system =
      ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);
  private final Path folder;
  private boolean gpu = true;

  Gauges(Path folder) {
    this.folder = folder;
  }

  void read(Map<String, Double> values) throws IOException, InterruptedException {
    double load = system.getCpuLoad();
    if (load >= 0) {
      values.put(CPU, 100 * load);
    }
    double total = system.getTotalMemorySize();
    double available =
        Files.exists(MEMORY)
            ? kilobytes(MEMORY, "MemAvailable:") * 1024
            : system.getFreeMemorySize();
    values.put("system/system_memory_usage_megabytes", (total - available) / MEGA);
    values.put("system/system_memory_usage_percentage", 100 * (total - available) / total);
    if (Files.exists(PROCESS)) {
      values.put("system/process_memory_megabytes", kilobytes(PROCESS, "VmRSS:") * 1024 / MEGA);
    }
    FileStore disk = Files.getFileStore(folder);
    double used = disk.getTotalSpace() - disk.getUnallocatedSpace();
    values.put("system/disk_usage_megabytes", used / MEGA);
    values.put("system/disk_usage_percentage", 100 * used / disk.getTotalSpace());
    values.put("system/disk_available_megabytes", disk.getUsableSpace() / MEGA);
    if (gpu) {
      gpu = readGpus(values);
    }
  }

  /** The number after a label in a file of {@code /proc}; 0 if there is none. */
  private static double kilobytes(Path file, String label) throws IOException {
    for (String line : Files.readAllLines(file)) {
      if (line.startsWith(label)) {
        return Double.parseDouble(line.substring(label.length()).replace("kB", "").strip());
      }
    }
    return 0;
  }

  /** Whether there are GPUs that can be asked. */
  private static boolean readGpus(Map<String, Double> values) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(NVIDIA).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(1, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        return false;
      }
      output.lines().forEach(line -> GpuLine.read(line, values));
      return true;
    } catch (IOException e) {
      return false; // No such program: a machine without an NVIDIA GPU.
    }
  }
}
