package simsiam.pipelines.sweep;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * A child of this process that runs one configuration. It ends when this process does, however that
 * ends: its standard input is a pipe from here.
 */
public final class ChildProcess implements Child {
  /** The system property of a child, which watches its standard input. */
  public static final String PROPERTY = "simsiam.child";

  private final Process process;

  private ChildProcess(Process process) {
    this.process = process;
  }

  /**
   * Starts {@code run CONFIG}.
   *
   * @param slot number of the child among those at work on this machine, from 0
   */
  public static ChildProcess start(
      ChildProgram program, ChildProgram.Task task, Share share, int slot) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(program.command(share, task))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(new File(task.log())));
    builder.environment().putAll(program.environment());
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
    ChildProgram program = ChildProgram.ofThisProcess();
    return (point, folder, slot) ->
        start(
            program,
            ChildProgram.Task.of(folder, tracking.options(point, folder), more),
            share,
            slot);
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
