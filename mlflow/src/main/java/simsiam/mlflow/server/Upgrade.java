package simsiam.mlflow.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import simsiam.mlflow.file.AtomicJson;
import simsiam.mlflow.rest.NoServerException;

/**
 * Brings the database that an older MLflow wrote up to date. A copy is upgraded and then takes the
 * place of the old one, which is kept: whatever fails or is interrupted, the database stays as it
 * was or is upgraded whole.
 */
record Upgrade(ServerFiles files, Environment environment) {
  private static final Duration LIMIT = Duration.ofHours(1);

  /** Prints the revision of the schema, or nothing if there is no schema yet. */
  private static final String REVISION =
      """
      import sqlite3, sys
      database = sqlite3.connect(sys.argv[1])
      tables = database.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'")
      if tables.fetchone():
          print(*database.execute("SELECT version_num FROM alembic_version").fetchone() or ())
      database.close()
      """;

  /** SQLite's own copy, which is whole also if the server was killed while it was writing. */
  private static final String COPY =
      """
      import sqlite3, sys
      old, new = (sqlite3.connect(path) for path in sys.argv[1:])
      old.backup(new)
      old.close()
      new.close()
      """;

  /**
   * Does so if there is a database and its schema is not that of {@link Environment#VERSION}.
   *
   * @throws NoServerException if it cannot be done, with the command that failed
   */
  void ifNeeded(Consumer<String> progress) throws IOException, InterruptedException {
    Path database = files.database();
    if (!Files.exists(database) || python("-c", REVISION, database).equals(Environment.SCHEMA)) {
      return;
    }
    Path kept = files.folder().resolve("mlflow-before-" + Environment.VERSION + ".db");
    progress.accept(
        "Upgrading the MLflow database to %s; the old one is kept as %s"
            .formatted(Environment.VERSION, kept));
    Path aside = files.folder().resolve("mlflow-upgrading.db");
    try {
      delete(aside); // left by a process that was killed
      python("-c", COPY, database, aside);
      AtomicJson.commit(aside, kept);
      Files.copy(kept, aside);
      python("-m", "mlflow", "db", "upgrade", Launch.databaseUri(aside));
      AtomicJson.commit(aside, database);
    } finally {
      delete(aside);
    }
  }

  /** Runs Python, and returns what it printed. */
  private String python(Object... arguments) throws IOException, InterruptedException {
    List<String> command =
        Stream.concat(Stream.of(environment.python()), Arrays.stream(arguments))
            .map(Object::toString)
            .toList();
    Shell.Result result = Shell.run(command, LIMIT);
    if (!result.ok()) {
      throw new NoServerException(
          "Cannot upgrade the MLflow database: expected one of an older MLflow, got: %s (left as it was: %s; the command was: %s)"
              .formatted(result.reason(), files.database(), String.join(" ", command)));
    }
    return result.output().strip();
  }

  private static void delete(Path database) throws IOException {
    for (String suffix : List.of("", "-journal", "-wal", "-shm")) {
      Files.deleteIfExists(database.resolveSibling(database.getFileName() + suffix));
    }
  }
}
