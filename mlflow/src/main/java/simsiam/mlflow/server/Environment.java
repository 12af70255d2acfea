package simsiam.mlflow.server;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import simsiam.mlflow.lock.ProcessLock;
import simsiam.mlflow.rest.NoServerException;

/**
 * The Python environment with MLflow, shared by all workspaces of a user. It is made in a folder
 * beside its place and then renamed, so that it is there whole or not at all; programs in it are
 * called as {@code python -m ...}, since its scripts name the folder they were made in.
 */
public final class Environment {
  /** The version of MLflow. */
  public static final String VERSION = "3.18.0";

  /** The revision of that version's database. */
  static final String SCHEMA = "f4a9b2c7d1e6";

  private static final String REQUIREMENTS = "requirements.txt";
  private static final Duration INSTALL = Duration.ofMinutes(30);
  private static final int DOWNLOAD_MB = 65;

  private final Path folder;
  private final Python pythons;

  Environment(Path folder, Python pythons) {
    this.folder = folder;
    this.pythons = pythons;
  }

  /** The environment in the user's cache: {@code $XDG_CACHE_HOME} or {@code ~/.cache}. */
  public static Environment ofUser(Map<String, String> variables) {
    String cache = variables.getOrDefault("XDG_CACHE_HOME", "");
    Path root =
        cache.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
    return new Environment(root.resolve("simsiam").resolve("mlflow-" + VERSION), Python.ON_PATH);
  }

  /** Where it is, or will be. */
  public Path folder() {
    return folder;
  }

  /** Its interpreter. */
  public Path python() {
    return folder.resolve("bin/python");
  }

  /** Whether it is there, complete, and its interpreter was not removed since. */
  public boolean isReady() throws IOException {
    Path installed = folder.resolve(REQUIREMENTS);
    return Files.isExecutable(python())
        && Files.exists(installed)
        && Files.readString(installed).equals(requirements());
  }

  /**
   * Installs it unless it is there. Only one process does so, the others wait.
   *
   * @param progress told in one line what takes time
   * @throws NoServerException if this machine lacks what it takes, or the packages cannot be had
   */
  public void ensure(Consumer<String> progress) throws IOException, InterruptedException {
    if (isReady()) {
      return;
    }
    Files.createDirectories(folder.getParent());
    try (ProcessLock ownership = waitForTurn(progress)) {
      if (!isReady() && ownership.isHeld()) {
        progress.accept(
            "Installing MLflow %s (once, about %s MB to download) into %s"
                .formatted(VERSION, DOWNLOAD_MB, folder));
        install();
      }
    }
  }

  /** What keeps it from being installed on this machine, as far as that shows before trying. */
  public Optional<String> obstacle() throws IOException, InterruptedException {
    if (isReady() || pythons.hasUv()) {
      return Optional.empty();
    }
    try {
      pythons.findWithVenv();
      return Optional.empty();
    } catch (NoServerException e) {
      return Optional.of(e.getMessage());
    }
  }

  private ProcessLock waitForTurn(Consumer<String> progress)
      throws IOException, InterruptedException {
    return ProcessLock.acquire(
        folder.resolveSibling(folder.getFileName() + ".lock"),
        INSTALL,
        holder ->
            progress.accept("Waiting for %s, which installs MLflow %s".formatted(holder, VERSION)));
  }

  private void install() throws IOException, InterruptedException {
    Path aside = folder.resolveSibling(folder.getFileName() + ".tmp");
    delete(aside);
    Path list = Files.createTempFile("mlflow-requirements", ".txt");
    try {
      Files.writeString(list, requirements());
      Shell.Result result = pythons.hasUv() ? withUv(aside, list) : new Shell.Result(-1, "");
      if (!result.ok()) {
        delete(aside);
        result = withPip(aside, list);
      }
      if (!result.ok()) {
        throw new NoServerException("Cannot install MLflow " + VERSION + ": " + result.reason());
      }
      Files.copy(list, aside.resolve(REQUIREMENTS));
      delete(folder);
      Files.move(aside, folder);
    } finally {
      Files.deleteIfExists(list);
      delete(aside);
    }
  }

  private Shell.Result withUv(Path aside, Path list) throws IOException, InterruptedException {
    // Without a fit Python of the system, uv brings its own.
    String python = pythons.find().orElse("3.12");
    Shell.Result made = Shell.run(List.of("uv", "venv", "--python", python, aside + ""), INSTALL);
    return made.ok()
        ? Shell.run(
            List.of(
                "uv",
                "pip",
                "install",
                "--python",
                aside + "/bin/python",
                "--no-deps",
                "--require-hashes",
                "--compile-bytecode",
                "-r",
                list + ""),
            INSTALL)
        : made;
  }

  private Shell.Result withPip(Path aside, Path list) throws IOException, InterruptedException {
    String python = pythons.findWithVenv();
    Shell.Result made = Shell.run(List.of(python, "-m", "venv", aside + ""), INSTALL);
    return made.ok()
        ? Shell.run(
            List.of(
                aside + "/bin/python",
                "-m",
                "pip",
                "install",
                "--quiet",
                "--no-deps",
                "--require-hashes",
                "-r",
                list + ""),
            INSTALL)
        : made;
  }

  private static String requirements() throws IOException {
    try (InputStream in = Environment.class.getResourceAsStream(REQUIREMENTS)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> below = Files.walk(folder)) {
      for (Path path : below.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
