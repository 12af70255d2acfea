package simsiam.mlflow.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import simsiam.mlflow.NoServerException;
import simsiam.mlflow.server.ServerFiles.Note;

/** Brings the database that another version of MLflow wrote up to date, after a copy was made. */
record Upgrade(ServerFiles files, Environment environment) {
  private static final Duration LIMIT = Duration.ofMinutes(10);

  /** SQLite's own copy, which is whole also if the server was killed while it was writing. */
  private static final String BACKUP =
      "import sqlite3, sys; sqlite3.connect(sys.argv[1]).backup(sqlite3.connect(sys.argv[2]))";

  /**
   * Does so if there is a database and this version did not write it.
   *
   * @throws NoServerException if it cannot be done, with the command that tries it again
   */
  void ifNeeded(Consumer<String> progress) throws IOException, InterruptedException {
    Optional<String> before = files.note().map(Note::version);
    if (!Files.exists(files.database())
        || before.filter(version -> version.equals(Environment.VERSION)).isPresent()) {
      return;
    }
    Path copy = files.folder().resolve("mlflow-before-" + Environment.VERSION + ".db");
    progress.accept("Upgrading the MLflow database; the old one is kept as " + copy);
    String python = environment.python().toString();
    run(List.of(python, "-c", BACKUP, files.database().toString(), copy.toString()), copy);
    String uri = Launch.databaseUri(files);
    run(List.of(python, "-m", "mlflow", "db", "upgrade", uri), copy);
  }

  private static void run(List<String> command, Path copy)
      throws IOException, InterruptedException {
    Shell.Result result = Shell.run(command, LIMIT);
    if (!result.ok()) {
      throw new NoServerException(
          "Cannot upgrade the MLflow database: expected one of an older MLflow, got: %s (copy: %s; the command was: %s)"
              .formatted(result.lastLine(), copy, String.join(" ", command)));
    }
  }
}
