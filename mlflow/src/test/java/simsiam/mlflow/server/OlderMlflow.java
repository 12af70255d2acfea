package simsiam.mlflow.server;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import simsiam.mlflow.lock.ProcessLock;
import simsiam.mlflow.rest.NoServerException;

/**
 * An environment with the last MLflow 2, in the user's cache like that of this version. It has only
 * the packages that differ, and finds the others there, which makes it a matter of ten seconds.
 */
public final class OlderMlflow {
  /** The version of MLflow. */
  public static final String VERSION = "2.22.5";

  private static final String REQUIREMENTS = "requirements-" + VERSION + ".txt";
  private static final Duration LIMIT = Duration.ofMinutes(10);

  private OlderMlflow() {}

  /**
   * Its interpreter, installed if need be.
   *
   * @throws NoServerException if that is not possible on this machine
   */
  public static Path python() throws IOException, InterruptedException {
    Environment newer = Environment.ofUser(System.getenv());
    newer.ensure(System.err::println);
    Path folder = newer.folder().resolveSibling("mlflow-" + VERSION + "-for-tests");
    try (ProcessLock turn =
        ProcessLock.acquire(
            folder.resolveSibling(folder.getFileName() + ".lock"), LIMIT, holder -> {})) {
      Path installed = folder.resolve(REQUIREMENTS);
      boolean ready = Files.exists(installed) && Files.readString(installed).equals(requirements());
      if (!ready && turn.isHeld()) {
        install(newer, folder);
      }
    }
    return folder.resolve("bin/python");
  }

  private static void install(Environment newer, Path folder)
      throws IOException, InterruptedException {
    run(newer.python(), "-m", "venv", "--clear", folder);
    Path python = folder.resolve("bin/python");
    String packages = "import sysconfig; print(sysconfig.get_path('purelib'))";
    Path own = Path.of(run(python, "-c", packages));
    Files.writeString(own.resolve("newer.pth"), run(newer.python(), "-c", packages) + "\n");
    Path list = Files.writeString(folder.resolve("list.txt"), requirements());
    run(python, "-m", "pip", "install", "--no-deps", "--require-hashes", "-r", list);
    Files.move(list, folder.resolve(REQUIREMENTS));
  }

  private static String run(Object... command) throws IOException, InterruptedException {
    List<String> words = Arrays.stream(command).map(Object::toString).toList();
    Shell.Result result = Shell.run(words, LIMIT);
    if (!result.ok()) {
      throw new NoServerException("Cannot install MLflow " + VERSION + ": " + result.reason());
    }
    return result.output().strip();
  }

  private static String requirements() throws IOException {
    try (InputStream in = OlderMlflow.class.getResourceAsStream(REQUIREMENTS)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
