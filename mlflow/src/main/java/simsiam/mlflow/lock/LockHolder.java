package simsiam.mlflow.lock;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A process that holds a lock, for people to read: whether it lives is known by the lock alone.
 *
 * @param since when it took the lock, to the second
 */
public record LockHolder(long pid, String host, Instant since) {
  private static final Pattern TEXT =
      Pattern.compile(
          "process (\\d{1,10}) on (\\S{1,255}), since (\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ)");

  private static final String HOST = hostName();

  /** This process, from now on. */
  static LockHolder self() {
    return new LockHolder(
        ProcessHandle.current().pid(), HOST, Instant.now().truncatedTo(ChronoUnit.SECONDS));
  }

  /** The name of this machine; {@code localhost} where it is in no table, as in some containers. */
  public static String thisHost() {
    return HOST;
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) { // the machine's own name cannot be looked up
      return "localhost";
    }
  }

  /** The holder that wrote a note; empty if it is not a holder's note. */
  static Optional<LockHolder> parse(String note) {
    Matcher matcher = TEXT.matcher(note.strip());
    return matcher.matches()
        ? Optional.of(
            new LockHolder(
                Long.parseLong(matcher.group(1)),
                matcher.group(2),
                Instant.parse(matcher.group(3))))
        : Optional.empty();
  }

  /** In words, as in the note. */
  @Override
  public String toString() {
    return "process " + pid + " on " + host + ", since " + since;
  }
}
