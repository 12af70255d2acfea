package simsiam.pipelines.machine;

import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** What there is to know about this machine without loading anything large. */
public final class Machine {
  private static final Path CPUINFO = Path.of("/proc/cpuinfo");
  private static final Path CPUS = Path.of("/sys/devices/system/cpu");
  private static final Path MEMINFO = Path.of("/proc/meminfo");
  private static final String RUNNERS =
      "META-INF/services/org.apache.beam.sdk.runners.PipelineRunnerRegistrar";
  private static final List<String> FLAGS =
      List.of("avx", "avx2", "fma", "avx512f", "avx512_vnni", "avx512_bf16", "amx_tile");
  private static final double GIB = 1L << 30;
  private static final Pattern DEVICE = Pattern.compile("\\d+|(GPU|MIG)-.+");

  public String processor() throws IOException {
    return model() + ", " + cores() + (cores() == 1 ? " core" : " cores");
  }

  public String model() throws IOException {
    return line(CPUINFO, "model name").orElse(System.getProperty("os.arch"));
  }

  public int cores() {
    return Runtime.getRuntime().availableProcessors();
  }

  /** Cores that do not share their units with another one, as far as is known. */
  public int physicalCores() throws IOException {
    Set<String> cores = new HashSet<>();
    for (int i = 0; Files.isDirectory(CPUS.resolve("cpu" + i)); i++) {
      Path siblings = CPUS.resolve("cpu" + i).resolve("topology").resolve("thread_siblings_list");
      if (Files.isReadable(siblings)) { // not of one that is switched off
        cores.add(Files.readString(siblings).strip());
      }
    }
    return cores.isEmpty() ? cores() : Math.min(cores.size(), cores());
  }

  /** Processes at work or waiting for a core, over the last minute; negative if unknown. */
  public double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  /** The vector extensions that matter to the engines. */
  public String flags() throws IOException {
    List<String> all = List.of(line(CPUINFO, "flags").orElse("").split(" ", -1));
    List<String> found = FLAGS.stream().filter(all::contains).toList();
    return found.isEmpty() ? "none known" : String.join(" ", found);
  }

  public String memory() throws IOException {
    double heap = Runtime.getRuntime().maxMemory() / GIB;
    return String.format(
        Locale.ROOT,
        "%s, %s available; Java heap up to %.1f GiB",
        kib("MemTotal"),
        kib("MemAvailable"),
        heap);
  }

  /** Memory of the machine, or of the container that this is. */
  public long memoryMb() {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return system.getTotalMemorySize() >> 20;
  }

  private static String kib(String name) throws IOException {
    return line(MEMINFO, name)
        .map(value -> Long.parseLong(value.replace(" kB", "")) * 1024 / GIB)
        .map(value -> String.format(Locale.ROOT, "%.1f GiB", value))
        .orElse("unknown");
  }

  /** Space on the disk that holds, or is to hold, a folder. */
  public String disk(Path folder) throws IOException {
    Path existing = folder.toAbsolutePath();
    while (!Files.exists(existing)) {
      existing = existing.getParent();
    }
    FileStore store = Files.getFileStore(existing);
    return String.format(
        Locale.ROOT,
        "%.1f GiB free of %.1f GiB at %s",
        store.getUsableSpace() / GIB,
        store.getTotalSpace() / GIB,
        existing);
  }

  public String gpu() {
    return output(
            "nvidia-smi",
            "--query-gpu=name,compute_cap,memory.total,driver_version",
            "--format=csv,noheader")
        .map(text -> text.replace("\n", "; "))
        .orElse("none");
  }

  /** The CUDA devices that this process may use, as CUDA_VISIBLE_DEVICES names them. */
  public List<String> devices() {
    String visible = System.getenv("CUDA_VISIBLE_DEVICES");
    return devices(
        visible != null
            ? visible.replace(',', '\n')
            : output("nvidia-smi", "--query-gpu=index", "--format=csv,noheader").orElse(""));
  }

  /** Those of a list with one a line, which ends for CUDA at the first that names none, as -1. */
  static List<String> devices(String lines) {
    return lines
        .lines()
        .map(String::strip)
        .takeWhile(line -> DEVICE.matcher(line).matches())
        .distinct()
        .toList();
  }

  public String python() {
    return output("python3", "--version").orElse("none on the PATH");
  }

  /** Beam runners whose jars are there, found without loading Beam. */
  public String runners() throws IOException {
    TreeSet<String> names = new TreeSet<>();
    ClassLoader loader = Machine.class.getClassLoader();
    for (URL url : Collections.list(loader.getResources(RUNNERS))) {
      try (InputStream stream = url.openStream()) {
        new String(stream.readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .map(line -> line.replaceAll(".*\\.(\\w+?)(Registrar)?(\\$.*)?$", "$1"))
            .forEach(names::add);
      }
    }
    return names.isEmpty() ? "none" : String.join(", ", names);
  }

  /** The value of a {@code name: value} line. */
  private static Optional<String> line(Path file, String name) throws IOException {
    if (!Files.isReadable(file)) {
      return Optional.empty();
    }
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      return reader
          .lines()
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst();
    }
  }

  /** What a program prints, or empty if it is not there or fails. */
  private static Optional<String> output(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String text =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      boolean ended = process.waitFor(10, TimeUnit.SECONDS);
      return ended && process.exitValue() == 0 && !text.isEmpty()
          ? Optional.of(text)
          : Optional.empty();
    } catch (IOException e) { // not installed
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
