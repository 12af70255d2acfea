package simsiam.mlflow.lock;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * An exclusive lock between processes, and between the threads of one. The operating system keeps
 * it and gives it back when its process dies in whatever way; this alone says whether it is held.
 * Whose it is, is told by a note beside the file, {@code x.lock.holder}, which is there for people.
 *
 * <p>POSIX drops all of a process's locks on a file as soon as the process closes any descriptor of
 * it. So the file is never opened while this process holds it, and never read or deleted: deleted,
 * it would be locked under two identities.
 */
public final class ProcessLock implements Closeable {
  private static final long POLL_MS = 100;
  private static final int LONGEST_NOTE = 400;

  /**
   * The locks of this process by the real paths and keys, which links share, of their files. One
   * that is forgotten without being closed stays held, as it is for other processes: a channel that
   * nothing refers to would be closed by the garbage collector, and the key given to another file.
   */
  private static final Map<Object, ProcessLock> HELD_HERE = new HashMap<>();

  private final Path file;
  private final Set<Object> names;
  private final FileChannel channel;
  private final Optional<String> takenOver;

  private ProcessLock(
      Path file, Set<Object> names, FileChannel channel, Optional<String> takenOver) {
    this.file = file;
    this.names = names;
    this.channel = channel;
    this.takenOver = takenOver;
  }

  /**
   * Takes the lock, or gives empty if this or another process has it.
   *
   * @param file in an existing folder; made if it is not there, and whatever is in it is of no
   *     meaning
   * @throws IOException if the file cannot be written, or its file system has no locks
   */
  public static Optional<ProcessLock> tryAcquire(Path file) throws IOException {
    synchronized (HELD_HERE) {
      Path real = real(file);
      Set<Object> names = names(real);
      if (names.stream().anyMatch(HELD_HERE::containsKey)) {
        return Optional.empty();
      }
      FileChannel channel = FileChannel.open(real, StandardOpenOption.WRITE);
      boolean acquired = false;
      try {
        if (lock(channel, file)) {
          Optional<String> takenOver = leftover(real, channel);
          note(real);
          ProcessLock held = new ProcessLock(real, names, channel, takenOver);
          names.forEach(name -> HELD_HERE.put(name, held));
          acquired = true;
          return Optional.of(held);
        }
        return Optional.empty();
      } finally {
        if (!acquired) {
          channel.close();
        }
      }
    }
  }

  /**
   * Takes the lock, waiting for its holder to give it back, however long that takes.
   *
   * @param onWait told in words who is waited for, once for each holder
   * @throws IOException as {@link #tryAcquire}
   */
  public static ProcessLock acquire(Path file, Consumer<String> onWait)
      throws IOException, InterruptedException {
    return acquire(file, Duration.ofNanos(Long.MAX_VALUE), onWait);
  }

  /**
   * Takes the lock, waiting for its holder to give it back.
   *
   * @param onWait told in words who is waited for, once for each holder
   * @throws IOException as {@link #tryAcquire}, or if the lock stays held for longer than the limit
   */
  public static ProcessLock acquire(Path file, Duration limit, Consumer<String> onWait)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    Optional<ProcessLock> got = tryAcquire(file);
    String told = "";
    while (got.isEmpty()) {
      String holder = holder(file);
      if (System.nanoTime() - start > limit.toNanos()) {
        throw new IOException(
            "Cannot lock %s: expected it free within %s s, got it held by %s"
                .formatted(file, limit.toSeconds(), holder));
      }
      if (!holder.equals(told)) {
        onWait.accept(holder);
        told = holder;
      }
      Thread.sleep(POLL_MS);
      got = tryAcquire(file);
    }
    return got.get();
  }

  /**
   * Whether neither this nor another process has the lock. It is taken for a moment to see that.
   *
   * @throws IOException as {@link #tryAcquire}
   */
  public static boolean isFree(Path file) throws IOException {
    try (ProcessLock lock = tryAcquire(file).orElse(null)) {
      return lock != null;
    }
  }

  /** Who holds the lock, in words, as far as its note tells. */
  private static String holder(Path file) throws IOException {
    return read(noteOf(real(file)))
        .flatMap(LockHolder::parse)
        .map(LockHolder::toString)
        .orElse("another process");
  }

  /** Where the file is; made if there is none, as what is not there has no real path. */
  private static Path real(Path file) throws IOException {
    if (Files.notExists(file)) {
      try {
        Files.createFile(file);
      } catch (FileAlreadyExistsException e) { // by another process just now; nothing was opened
        return file.toRealPath();
      }
    }
    return file.toRealPath();
  }

  private static Set<Object> names(Path real) throws IOException {
    Object key = Files.readAttributes(real, BasicFileAttributes.class).fileKey();
    return key == null ? Set.of(real) : Set.of(real, key);
  }

  /** Takes the operating system's lock; false if another process has it. */
  static boolean lock(FileChannel channel, Path file) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (IOException e) {
      throw new IOException(
          "Cannot lock %s: expected a file system with locks between processes, got: %s. Choose a"
                  .formatted(file, e.getMessage())
              + " folder on a local disk, or mount this one with locks",
          e);
    }
  }

  /** What a holder that died has left, whatever it is; removed, so that it is told once. */
  private static Optional<String> leftover(Path real, FileChannel channel) throws IOException {
    boolean written = channel.size() > 0; // by an earlier release, which kept its note in here
    if (written) {
      channel.truncate(0);
    }
    Optional<String> note = read(noteOf(real));
    return note.isEmpty() && !written
        ? Optional.empty()
        : Optional.of(
            note.flatMap(LockHolder::parse)
                .map(LockHolder::toString)
                .orElse("a process that left no name"));
  }

  private static void note(Path real) throws IOException {
    Path aside = real.resolveSibling(real.getFileName() + ".holder.tmp"); // the holder's alone
    Files.writeString(aside, LockHolder.self() + "\n");
    Files.move(aside, noteOf(real), StandardCopyOption.ATOMIC_MOVE);
  }

  private static Path noteOf(Path real) {
    return real.resolveSibling(real.getFileName() + ".holder");
  }

  /** The beginning of a note; empty if there is none. */
  private static Optional<String> read(Path note) throws IOException {
    try (FileChannel channel = FileChannel.open(note, StandardOpenOption.READ)) {
      ByteBuffer text = ByteBuffer.allocate(LONGEST_NOTE);
      channel.read(text);
      return Optional.of(new String(text.array(), 0, text.position(), StandardCharsets.UTF_8));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Whether this object has the lock, as it has until it is closed. */
  public boolean isHeld() {
    synchronized (HELD_HERE) {
      return names.stream().anyMatch(name -> HELD_HERE.get(name) == this);
    }
  }

  /** The process that had the lock before and did not give it back, in words. */
  public Optional<String> takenOver() {
    return takenOver;
  }

  /** Gives the lock back; the empty file stays. */
  @Override
  public void close() throws IOException {
    synchronized (HELD_HERE) {
      if (isHeld()) {
        try (channel) {
          Files.deleteIfExists(noteOf(file));
        } finally {
          HELD_HERE.keySet().removeAll(names);
        }
      }
    }
  }
}
