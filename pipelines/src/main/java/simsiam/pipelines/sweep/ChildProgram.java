package simsiam.pipelines.sweep;

import java.io.File;
import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import simsiam.pipelines.redact.Redaction;

/**
 * The program that children run: that of this process, with the same options of Java but for what
 * belongs to this process alone and for each child's share of its machine.
 *
 * @param options of Java
 * @param main what Java runs: {@code -jar FILE}, or a class path and the main class
 * @param environment variables that children have beside those of what starts them
 */
public record ChildProgram(List<String> options, List<String> main, Map<String, String> environment)
    implements Serializable {
  private static final String MAIN = "simsiam.pipelines.cli.Main";
  private static final String NATIVE = "org.bytedeco.javacpp.maxphysicalbytes";

  /** Options of this process that a child has otherwise, or not at all. */
  private static final List<String> OWN =
      List.of(
          "-Dsimsiam.terminal=",
          "-Dsimsiam.columns=",
          "-D" + ChildProcess.PROPERTY + "=",
          "-D" + ProgressFile.PROPERTY + "=");

  /** Those that are good for one machine, or for the process that sends a job to a cluster. */
  private static final List<String> OF_THIS_MACHINE =
      List.of("-XX:SharedArchiveFile=", "-Dsimsiam.jobs=", "-Dspark.", "-agentlib:", "-javaagent:");

  private static final List<String> SHARED =
      List.of("-Xmx", "-XX:ActiveProcessorCount=", "-D" + NATIVE + "=");

  /** Variables by which the launcher has libraries and Java behave, wherever they run. */
  private static final List<String> VARIABLES =
      List.of("OMP_WAIT_POLICY", "OPENBLAS_", "CUBLAS_", "MALLOC_", "LANG", "LC_");

  public ChildProgram {
    // Not copies that are immutable, which are not the same in other releases of Java.
    options = new ArrayList<>(options);
    main = new ArrayList<>(main);
    environment = new TreeMap<>(environment);
  }

  /**
   * What one child is to do.
   *
   * @param config the configuration that it runs
   * @param log to which it appends what it prints
   * @param options further ones of Java
   * @param arguments after the configuration
   */
  public record Task(String config, String log, List<String> options, List<String> arguments) {
    public Task {
      options = List.copyOf(options);
      arguments = List.copyOf(arguments);
    }

    /** The work on a point; the other options and arguments are added. */
    public static Task of(PointFolder folder, List<String> options, List<String> arguments) {
      List<String> all = new ArrayList<>();
      all.add("-D" + ProgressFile.PROPERTY + "=" + folder.progress());
      all.add("-D" + PointLock.PROPERTY + "=" + folder.lock());
      all.addAll(options);
      return new Task(folder.config().toString(), folder.log().toString(), all, arguments);
    }
  }

  /** That of this process. */
  public static ChildProgram ofThisProcess() {
    String classPath = System.getProperty("java.class.path");
    boolean jar = classPath.endsWith(".jar") && !classPath.contains(File.pathSeparator);
    return new ChildProgram(
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(option -> OWN.stream().noneMatch(option::startsWith))
            .toList(),
        jar ? List.of("-jar", classPath) : List.of("-cp", classPath, MAIN),
        Map.of());
  }

  /** The same from a jar, for other machines; without secrets, as it is sent and written there. */
  public ChildProgram elsewhere(Path jar) {
    Map<String, String> variables = new TreeMap<>(System.getenv());
    variables.keySet().removeIf(name -> VARIABLES.stream().noneMatch(name::startsWith));
    return new ChildProgram(
        options.stream()
            .filter(option -> OF_THIS_MACHINE.stream().noneMatch(option::startsWith))
            .filter(option -> Redaction.words(List.of(option)).contains(option))
            .toList(),
        List.of("-jar", jar.toString()),
        variables);
  }

  /** The command line of a child. */
  List<String> command(Share share, Task task) {
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    boolean whole = share.cores() == 0;
    options.stream()
        .filter(option -> whole || SHARED.stream().noneMatch(option::startsWith))
        .forEach(command::add);
    if (!whole) {
      command.add("-Xmx" + share.heapMb() + "m");
      command.add("-XX:ActiveProcessorCount=" + share.cores());
      share.nativeMb().ifPresent(mb -> command.add("-D" + NATIVE + "=" + mb + "m"));
    }
    command.add("-D" + ChildProcess.PROPERTY + "=true");
    command.addAll(task.options());
    command.addAll(main);
    command.addAll(Arrays.asList("run", task.config()));
    command.addAll(task.arguments());
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
}
