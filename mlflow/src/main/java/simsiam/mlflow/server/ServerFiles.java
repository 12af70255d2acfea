package simsiam.mlflow.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import simsiam.mlflow.spool.AtomicJson;

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
   */
  record Note(long pid, long started, String birth, String host, int port, String version) {
    /** How far two reckonings of one start may be apart. */
    private static final long APART_MS = 2000;

    Note {
      birth = birth == null ? "" : birth;
    }

    static Note of(ProcessHandle process, String host, int port) {
      return new Note(
          process.pid(),
          startOf(process),
          Birth.of(process.pid()),
          host,
          port,
          Environment.VERSION);
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

  Optional<Note> note() throws IOException {
    return AtomicJson.read(folder.resolve("server.json"), Note.class);
  }

  void note(Note note) throws IOException {
    AtomicJson.write(folder.resolve("server.json"), note);
  }

  void create() throws IOException {
    Files.createDirectories(artifacts());
  }
}
