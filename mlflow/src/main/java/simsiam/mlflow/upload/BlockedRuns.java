package simsiam.mlflow.upload;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import simsiam.mlflow.spool.Delivery;
import simsiam.mlflow.spool.Delivery.Lane;
import simsiam.mlflow.spool.RunFolder;

/**
 * Runs that cannot be sent though the server is well: their files on disk are damaged, or the
 * server answers for them what makes no sense. Each is tried again, ever more rarely, and keeps no
 * other run from being sent. Shared by both lanes.
 */
final class BlockedRuns {
  private static final Logger LOG = LoggerFactory.getLogger(BlockedRuns.class);

  /** Once may be chance, such as a disk that was full for a moment. */
  private static final int FAILURES = 2;

  private record Place(RunFolder run, Lane lane) {}

  private record Block(Backoff backoff, long until, String reason) {}

  private final Map<Place, Block> blocks = new ConcurrentHashMap<>();
  private final Duration longest;

  BlockedRuns(Duration longest) {
    this.longest = longest;
  }

  /** Whether it is too early to try the run again. */
  boolean rests(RunFolder run, Lane lane) {
    Block block = blocks.get(new Place(run, lane));
    return block != null && block.until() - System.nanoTime() > 0;
  }

  /** Notes that a run could not be sent. */
  void failed(RunFolder run, Lane lane, String serverKey, Exception cause) {
    Place place = new Place(run, lane);
    Block before = blocks.get(place);
    Backoff backoff =
        before == null ? new Backoff(longest, ThreadLocalRandom.current()) : before.backoff();
    String reason = reason(cause);
    long until = System.nanoTime() + backoff.failed(cause).toNanos();
    blocks.put(place, new Block(backoff, until, reason));
    if (backoff.failures() == FAILURES) {
      LOG.warn("Run {} cannot be sent, others are: {}", run.uid(), reason);
    }
    LOG.debug("Run {} cannot be sent, attempt {}", run.uid(), backoff.failures(), cause);
    try {
      run.delivery(serverKey).blocked(lane, reason);
    } catch (IOException e) {
      LOG.debug("Cannot note so in the spool", e); // Told above and in every report.
    }
  }

  /** Notes that something of a run was sent, or that there was nothing to send. */
  void succeeded(RunFolder run, Lane lane) {
    Block block = blocks.isEmpty() ? null : blocks.remove(new Place(run, lane));
    if (block != null && block.backoff().failures() >= FAILURES) {
      LOG.info("Run {} is sent again", run.uid());
    }
  }

  /** Why a lane of a run was given up for now, or empty. */
  Optional<String> reason(RunFolder run, Lane lane) {
    return Optional.ofNullable(blocks.get(new Place(run, lane)))
        .filter(block -> block.backoff().failures() >= FAILURES)
        .map(Block::reason);
  }

  /** Why a run was given up for now, or empty. */
  Optional<String> reason(RunFolder run) {
    return reason(run, Lane.DATA).or(() -> reason(run, Lane.FILES));
  }

  /**
   * Whether nothing of a run is to be expected before long: each of its lanes is sent or blocked.
   * No file is sent before its run is made from the data.
   */
  boolean isDone(RunFolder run, Delivery delivery) {
    if (reason(run, Lane.DATA).isPresent()) {
      return true;
    }
    try {
      return !delivery.waits(Lane.DATA)
          && (reason(run, Lane.FILES).isPresent() || !delivery.waits(Lane.FILES));
    } catch (IOException e) {
      LOG.debug("Cannot look what of run {} waits", run.uid(), e);
      return false; // Until sending it fails of the same.
    }
  }

  /**
   * Whether a run that the server does not know is still to be made from this spool, so that others
   * which name it must wait.
   */
  boolean willBeMade(RunFolder run, String serverKey) {
    if (reason(run, Lane.DATA).isPresent() || !Files.exists(run.journal())) {
      return false;
    }
    try {
      return run.delivery(serverKey).waits(Lane.DATA);
    } catch (IOException e) {
      LOG.debug("Cannot look whether run {} will be made", run.uid(), e);
      return false;
    }
  }

  /** What is read of one run while another is sent. */
  interface Known<T> {
    Optional<T> read() throws IOException;
  }

  /**
   * What is known of another run; nothing if it cannot be read, which is that run's own trouble.
   */
  static <T> Optional<T> ofOther(Known<T> known) {
    try {
      return known.read();
    } catch (IOException e) {
      LOG.debug("Cannot read what is known of another run", e);
      return Optional.empty();
    }
  }

  /** The cause in words: Java's own message of a file's trouble is often the path alone. */
  static String reason(Exception e) {
    if (e instanceof AccessDeniedException denied) {
      return "no permission for " + denied.getFile();
    } else if (e instanceof NoSuchFileException missing) {
      return missing.getFile() + " is gone";
    } else if (e instanceof FileAlreadyExistsException file) {
      return file.getFile() + " is no folder";
    } else if (e instanceof FileSystemException file && file.getReason() != null) {
      return file.getFile() + ": " + file.getReason();
    }
    String message = e.getMessage();
    return message == null ? "an error without a word, see the log" : message;
  }
}
