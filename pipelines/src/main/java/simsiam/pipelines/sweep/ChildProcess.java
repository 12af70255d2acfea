package simsiam.pipelines.sweep;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * A child of this process that runs one configuration: the same Java with the same options and
 * classes, but for its share of the machine. It ends when this process does, however that ends: its
 * standard input is a pipe from here.
 */
public final class ChildProcess implements Child {
  /** The system property of a child, which watches its standard input. */
  public static final String PROPERTY = "simsiam.child";

  private static final String MAIN = "simsiam.pipelines.cli.Main";
  private static final String NATIVE = "org.bytedeco.javacpp.maxphysicalbytes";

  /** Options of this process that a child has otherwise, or not at all. */
  private static final List<String> OWN =
      List.of(
          "-Dsimsiam.terminal=",
          "-Dsimsiam.columns=",
          "-D" + PROPERTY + "=",
          "-D" + ProgressFile.PROPERTY + "=");

  private static final List<String> SHARED =
      List.of("-Xmx", "-XX:ActiveProcessorCount=", "-D" + NATIVE + "=");

  private final Process process;

  private ChildProcess(Process process) {
    this.process = process;
  }

  /**
   * Starts {@code run CONFIG}.
   *
   * @param slot number of the child among those at work, from 0
   * @param folder of the point, to whose log it appends what it prints
   * @param options further ones of Java
   * @param more arguments after the configuration
   */
  static ChildProcess start(
      PointFolder folder, Share share, int slot, List<String> options, List<String> more)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command(folder, share, options, more))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.log().toFile()));
    if (share.cores() > 0) {
      builder.environment().put("OMP_NUM_THREADS", String.valueOf(share.cores()));
    }
    if (!share.devices().isEmpty()) {
      String device = share.devices().get(slot % share.devices().size());
      builder.environment().put("CUDA_VISIBLE_DEVICES", device);
    }
    return new ChildProcess(builder.start());
  }

  /**
   * Starts children of this process.
   *
   * @param tracking whose options each gets
   * @param more arguments after the configuration
   */
  public static Child.Starter starter(Share share, SweepTracking tracking, List<String> more) {
    return (point, folder, slot) ->
        start(folder, share, slot, tracking.options(point, folder), more);
  }

  private static List<String> command(
      PointFolder folder, Share share, List<String> options, List<String> more) {
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    boolean whole = share.cores() == 0;
    for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      boolean own = OWN.stream().anyMatch(option::startsWith);
      boolean shared = SHARED.stream().anyMatch(option::startsWith);
      if (!own && (whole || !shared)) {
        command.add(option);
      }
    }
    if (!whole) {
      command.add("-Xmx" + share.heapMb() + "m");
      command.add("-XX:ActiveProcessorCount=" + share.cores());
      share.nativeMb().ifPresent(mb -> command.add("-D" + NATIVE + "=" + mb + "m"));
    }
    command.add("-D" + PROPERTY + "=true");
    command.add("-D" + ProgressFile.PROPERTY + "=" + folder.progress());
    command.addAll(options);
    String classPath = System.getProperty("java.class.path");
    boolean jar = classPath.endsWith(".jar") && !classPath.contains(File.pathSeparator);
    command.addAll(jar ? List.of("-jar", classPath) : List.of("-cp", classPath, MAIN));
    command.addAll(List.of("run", folder.config().toString()));
    command.addAll(more);
    return command;
  }

  /**
   * What this process has, to be shared.
   *
   * @param devices CUDA devices
   */
  public static Share.Machine machine(List<String> devices) {
    String threads = System.getenv("OMP_NUM_THREADS");
    int cores = Runtime.getRuntime().availableProcessors();
    if (threads != null && threads.matches("[1-9]\\d{0,4}")) {
      cores = Math.min(cores, Integer.parseInt(threads));
    }
    String limit = System.getProperty(NATIVE, "");
    return new Share.Machine(
        cores,
        Runtime.getRuntime().maxMemory() >> 20,
        limit.matches("\\d{1,9}m")
            ? Optional.of(Long.parseLong(limit.substring(0, limit.length() - 1)))
            : Optional.empty(),
        devices);
  }

  @Override
  public OptionalInt exit() {
    return process.isAlive() ? OptionalInt.empty() : OptionalInt.of(process.exitValue());
  }

  @Override
  public void terminate() {
    process.destroy();
  }

  @Override
  public boolean await(long millis) throws InterruptedException {
    return process.waitFor(millis, TimeUnit.MILLISECONDS);
  }

  @Override
  public void kill() {
    process.destroyForcibly();
  }

  /**
   * What a child complained of first, else the last that it said; empty if it said nothing.
   *
   * @param from place in the log where its words begin
   */
  static String complaint(Path log, long from) throws IOException {
    if (!Files.exists(log)) {
      return "";
    }
    byte[] bytes = Files.readAllBytes(log);
    int start = (int) Math.min(from, bytes.length);
    String text = new String(bytes, start, bytes.length - start, StandardCharsets.UTF_8);
    List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
    return lines.stream()
        .filter(line -> line.matches("(?i)(error|exception)\\b.*"))
        .findFirst()
        .or(() -> lines.stream().reduce((first, last) -> last))
        .map(line -> line.replaceFirst("^error: ", ""))
        .orElse("");
  }
}
