package simsiam.mlflow.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import simsiam.mlflow.file.AtomicJson;

/**
 * A managed server's folder: {@code mlflow.db}, {@code artifacts/}, {@code server.log} and {@code
 * server.json}, which names the running process.
 */
record ServerFiles(Path folder) {

  /**
   * A server process: a process id alone may be used again.
   *
   * @param started when it started, in ms since the epoch, as the clock was then
   * @param birth see {@link Birth}; empty where the system has none, and in older notes
   * @param version of MLflow
   * @param folder of the server's files, which a copy of them does not share; empty in older notes
   */
  record Note(
      long pid, long started, String birth, String host, int port, String version, String folder) {
    /** How far two reckonings of one start may be apart. */
    private static final long APART_MS = 2000;

    Note {
      if (pid <= 0 || host == null || port <= 0) {
        throw new IllegalArgumentException("Cannot use a note: expected a process, got none");
      }
      birth = birth == null ? "" : birth;
      folder = folder == null ? "" : folder;
    }

    static Note of(ProcessHandle process, String host, int port, Path folder) {
      return new Note(
          process.pid(),
          startOf(process),
          Birth.of(process.pid()),
          host,
          port,
          Environment.VERSION,
          folder.toString());
    }

    Optional<ProcessHandle> process() {
      return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(this::isTheSame);
    }

    private boolean isTheSame(ProcessHandle process) {
      String now = Birth.of(pid);
      if (birth.isEmpty() || now.isEmpty()) {
        return Math.abs(startOf(process) - started) <= APART_MS;
      }
      return birth.equals(now);
    }

    private static long startOf(ProcessHandle process) {
      return process.info().startInstant().map(start -> start.toEpochMilli()).orElse(0L);
    }
  }

  Path database() {
    return folder.resolve("mlflow.db");
  }

  Path artifacts() {
    return folder.resolve("artifacts");
  }

  Path log() {
    return folder.resolve("server.log");
  }

  Path lock() {
    return folder.resolve("server.lock");
  }

  /** The noted server; none in a copy of its files, which the server does not serve. */
  Optional<Note> note() throws IOException {
    Optional<Note> note = AtomicJson.read(folder.resolve("server.json"), Note.class);
    if (note.isPresent() && !note.get().folder().isEmpty()) {
      Path served = Path.of(note.get().folder());
      return Files.exists(served) && !Files.isSameFile(served, folder) ? Optional.empty() : note;
    }
    return note;
  }

  void note(Note note) throws IOException {
    AtomicJson.write(folder.resolve("server.json"), note);
  }

  void create() throws IOException {
    Files.createDirectories(artifacts());
  }
}
