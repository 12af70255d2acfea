package simsiam.pipelines.readers;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import simsiam.model.file.FileTree;
import simsiam.model.file.Sha256;

/**
 * A Python with pyarrow, pandas and Hugging Face datasets at pinned versions, in a virtual
 * environment that is kept for the next run of the tests.
 */
final class PythonReaders {
  private static final long MINUTES = 10;

  private final Path python;

  private PythonReaders(Path python) {
    this.python = python;
  }

  /** Installs the environment where it is not there yet. */
  static PythonReaders install() throws IOException, InterruptedException {
    byte[] requirements = resource("requirements.txt");
    String version = Sha256.hex(Sha256.digest().digest(requirements)).substring(0, 12);
    Path home = Path.of(System.getProperty("user.home"), ".cache", "simsiam");
    Path folder = Files.createDirectories(home).resolve("readers-" + version);
    try (FileChannel lock =
        FileChannel.open(
            home.resolve("readers.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      Objects.requireNonNull(lock.lock());
      if (!Files.exists(folder.resolve("installed"))) {
        FileTree.delete(folder);
        run(List.of("python3", "-m", "venv", folder.toString()));
        Path list = Files.write(folder.resolve("requirements.txt"), requirements);
        String pip = folder.resolve("bin/pip").toString();
        run(List.of(pip, "install", "-q", "--no-deps", "--require-hashes", "-r", list.toString()));
        Files.createFile(folder.resolve("installed"));
      }
    }
    return new PythonReaders(folder.resolve("bin/python"));
  }

  /** What the script that reads shards prints on its last line. */
  String read(Path shards, Path cache) throws IOException, InterruptedException {
    Path script = Files.write(cache.resolve("read_shards.py"), resource("read_shards.py"));
    return lastLine(script, shards, cache);
  }

  /** What the check's part without networks prints on its last line. */
  String check(Path check, Path folder, Path features, int size)
      throws IOException, InterruptedException {
    Path script = Files.write(folder.resolve("check_images.py"), resource("check_images.py"));
    return lastLine(script, check, folder, features, size);
  }

  /** What any script prints on its last line. */
  String lastLine(Path script, Object... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(python.toString(), script.toString()));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    List<String> lines = run(command);
    return lines.get(lines.size() - 1);
  }

  private static List<String> run(List<String> command) throws IOException, InterruptedException {
    Path log = Files.createTempFile("simsiam-python-", ".log");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      boolean ended = process.waitFor(MINUTES, TimeUnit.MINUTES);
      process.destroyForcibly();
      if (!ended || process.exitValue() != 0) {
        throw new IOException(command + " failed:\n" + Files.readString(log));
      }
      return new ArrayList<>(Files.readAllLines(log, StandardCharsets.UTF_8));
    } finally {
      Files.delete(log);
    }
  }

  private static byte[] resource(String name) throws IOException {
    try (var in = PythonReaders.class.getResourceAsStream(name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    }
  }
}
