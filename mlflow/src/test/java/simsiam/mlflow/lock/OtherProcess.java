package simsiam.mlflow.lock;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** A Java of its own that is told by its standard input what to do; knows no lock but Java's. */
final class OtherProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader answers;

  private OtherProcess(Class<?> main, Object... arguments) throws IOException {
    List<String> java =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx32m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xshare:auto",
            "-cp",
            System.getProperty("java.class.path"),
            main.getName());
    process =
        new ProcessBuilder(
                Stream.concat(java.stream(), Stream.of(arguments).map(Object::toString)).toList())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    answers = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Starts a main class. */
  static OtherProcess start(Class<?> main, Object... arguments) throws IOException {
    return new OtherProcess(main, arguments);
  }

  /** A process that locks the file as the operating system has it, without a note. */
  static OtherProcess locking(Path file) throws IOException {
    OtherProcess other = start(Locker.class, file);
    if (!other.answer().equals("locked")) {
      throw new AssertionError("Cannot lock " + file);
    }
    return other;
  }

  /** Whether the operating system gives the lock on the file to another process. */
  static boolean canLock(Path file) throws IOException {
    try (OtherProcess other = start(Locker.class, file)) {
      return other.answer().equals("locked");
    }
  }

  void tell(String line) throws IOException {
    process.outputWriter(StandardCharsets.UTF_8).append(line).append('\n').flush();
  }

  String answer() throws IOException {
    return Objects.requireNonNull(answers.readLine(), "the process has ended");
  }

  /** Ends it as {@code kill -9} does. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }

  /** Locks a file, says whether it could, and stays until its input ends. */
  static final class Locker {
    private Locker() {}

    public static void main(String[] args) throws IOException {
      try (FileChannel channel =
          FileChannel.open(Path.of(args[0]), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        FileLock lock = channel.tryLock();
        System.out.println(lock == null ? "refused" : "locked");
        System.in.read();
      }
    }
  }
}
