package simsiam.mlflow.server;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import simsiam.mlflow.lock.ProcessLock;
import simsiam.mlflow.rest.Credentials;
import simsiam.mlflow.rest.NoServerException;
import simsiam.mlflow.rest.Rest;
import simsiam.mlflow.rest.ServerAddress;
import simsiam.mlflow.rest.ServerSource;
import simsiam.mlflow.server.ServerFiles.Note;

/**
 * The MLflow server of a workspace: SQLite and an artifacts folder, one worker process, started
 * when first needed, outliving the process that started it, and shared by all that follow.
 */
public final class ManagedServer {
  /** MLflow's usual port. */
  public static final int PORT = 5000;

  private static final Duration START = Duration.ofMinutes(3);
  private static final Duration PROBE = Duration.ofSeconds(5);
  private static final Duration HUNG = Duration.ofSeconds(20);
  private static final Duration STOP = Duration.ofSeconds(10);
  private static final int ATTEMPTS = 3;
  private static final long POLL_MS = 100;

  private final ServerFiles files;
  private final Environment environment;
  private final String host;
  private final int port;
  private volatile boolean starting;

  /**
   * @param folder for the database, the artifacts and the log
   * @param host address to listen at, e.g. {@code 127.0.0.1}
   * @param port wanted port; if it is taken, the next free one is used
   */
  public ManagedServer(Path folder, Environment environment, String host, int port) {
    this.files = new ServerFiles(folder.toAbsolutePath().normalize());
    this.environment = environment;
    this.host = host;
    this.port = port;
  }

  /** A server at this machine's port 5000 with the user's environment. */
  public static ManagedServer in(Path folder) {
    return new ManagedServer(folder, Environment.ofUser(System.getenv()), "127.0.0.1", PORT);
  }

  /** What stays the same of its address while it stops, starts and moves to other ports. */
  public String id() {
    return "managed:" + files.folder();
  }

  /** The address, if the server runs. */
  public Optional<ServerAddress> status() throws IOException {
    return files.note().filter(note -> note.process().isPresent()).map(this::address);
  }

  /**
   * The processes of the server, the first one before those that it started; none if it is down.
   */
  public List<ProcessHandle> processes() throws IOException {
    return files.note().flatMap(Note::process).stream()
        .flatMap(first -> Stream.concat(Stream.of(first), first.descendants()))
        .toList();
  }

  /** The server as a source for tracking, which starts it when asked for and when it died. */
  public ServerSource source(Consumer<String> progress) {
    return new ServerSource() {
      @Override
      public ServerAddress get() throws IOException, InterruptedException {
        return start(progress);
      }

      @Override
      public boolean isStarting() {
        return starting;
      }
    };
  }

  /**
   * The running server, started and installed if need be; returns when it answers.
   *
   * @throws NoServerException if it cannot be installed or does not start, with the reason
   * @throws IOException if it runs and does not answer
   */
  public synchronized ServerAddress start(Consumer<String> progress)
      throws IOException, InterruptedException {
    Optional<ServerAddress> running = status();
    if (running.isPresent() && isUp(running.get(), progress)) {
      return running.get();
    }
    starting = true;
    try {
      return startInTurn(progress);
    } finally {
      starting = false;
    }
  }

  /**
   * Whether a server answers whose process is there; false if it is so young that it may be on its
   * way.
   */
  private boolean isUp(ServerAddress running, Consumer<String> progress)
      throws IOException, InterruptedException {
    Rest rest = new Rest(running, PROBE);
    if (answers(rest)) {
      return true;
    }
    Optional<Note> note = files.note();
    if (note.isEmpty() || System.currentTimeMillis() - note.get().started() < START.toMillis()) {
      return false;
    }
    progress.accept("Waiting for MLflow at " + running.uri() + ", which does not answer");
    long begin = System.nanoTime();
    while (System.nanoTime() - begin < HUNG.toNanos()) {
      if (answers(rest)) {
        return true;
      }
      Thread.sleep(POLL_MS);
    }
    throw new IOException(
        "Cannot use MLflow at %s: expected an answer, got none within %s s from process %s; simsiam mlflow stop ends it"
            .formatted(running.uri(), HUNG.toSeconds(), note.get().pid()));
  }

  private ServerAddress startInTurn(Consumer<String> progress)
      throws IOException, InterruptedException {
    environment.ensure(progress);
    files.create();
    try (ProcessLock turn =
        ProcessLock.acquire(
            files.lock(),
            START,
            holder -> progress.accept("Waiting for " + holder + ", which starts MLflow"))) {
      Optional<ServerAddress> other = status();
      if (other.isPresent() && turn.isHeld()) {
        return await(other.get(), files.note().orElseThrow());
      }
      endOrphans();
      new Upgrade(files, environment).ifNeeded(progress);
      return launch(progress);
    }
  }

  /** Stops the server if it runs; tells whether it did. */
  public synchronized boolean stop() throws IOException, InterruptedException {
    List<ProcessHandle> processes = processes();
    if (processes.isEmpty()) {
      endOrphans();
      return false;
    }
    end(processes);
    return true;
  }

  /** Ends what was left of a server whose first process was killed. */
  private void endOrphans() throws IOException, InterruptedException {
    Optional<Note> note = files.note();
    if (note.isPresent()) {
      end(Session.orphans(note.get().pid()));
    }
  }

  private static void end(List<ProcessHandle> all) throws InterruptedException {
    all.forEach(ProcessHandle::destroy);
    long deadline = System.nanoTime() + STOP.toNanos();
    while (all.stream().anyMatch(ProcessHandle::isAlive)) {
      if (System.nanoTime() > deadline) {
        all.forEach(ProcessHandle::destroyForcibly);
      }
      Thread.sleep(POLL_MS);
    }
  }

  private ServerAddress launch(Consumer<String> progress) throws IOException, InterruptedException {
    progress.accept("Starting MLflow; the first time in a workspace it takes a while");
    // The port it had before, so that addresses given to the user stay true.
    int wanted = port == PORT ? files.note().map(Note::port).orElse(port) : port;
    for (int attempt = 1; ; attempt++) {
      int free = Ports.free(host, wanted);
      if (free != wanted) {
        progress.accept("Port " + wanted + " is taken: MLflow uses " + free);
      }
      Process process = Launch.detached(environment, files, host, free);
      Note note = Note.of(process.toHandle(), host, free, files.folder());
      files.note(note);
      try {
        return await(address(note), note);
      } catch (NoServerException e) {
        // Another process may have taken the port after it was found free.
        if (attempt == ATTEMPTS || !e.getMessage().contains("address already in use")) {
          throw e;
        }
        wanted = free + 1;
      }
    }
  }

  private ServerAddress await(ServerAddress address, Note note)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + START.toNanos();
    Rest rest = new Rest(address, PROBE);
    while (!answers(rest)) {
      if (note.process().isEmpty() || System.nanoTime() > deadline) {
        throw new NoServerException(
            "Cannot start MLflow: expected an answer at "
                + address.uri()
                + ", got this ("
                + files.log()
                + "):\n"
                + Shell.tail(files.log()));
      }
      Thread.sleep(POLL_MS);
    }
    return address;
  }

  private static boolean answers(Rest rest) throws InterruptedException {
    try {
      rest.probe();
      return true;
    } catch (IOException e) {
      return false; // Not up yet; the caller knows when to give up and what to say then.
    }
  }

  private ServerAddress address(Note note) {
    String shown = note.host().equals("0.0.0.0") ? "127.0.0.1" : note.host();
    return new ServerAddress(
        id(), URI.create("http://" + shown + ":" + note.port()), Credentials.NONE);
  }
}
