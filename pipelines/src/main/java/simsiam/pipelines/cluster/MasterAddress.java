package simsiam.pipelines.cluster;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import simsiam.pipelines.beam.Arguments;
import simsiam.pipelines.stage.RunnerOptions;

/**
 * Where a cluster takes jobs. The runners' clients try a wrong address for minutes.
 *
 * @param option of Beam that names it
 */
public record MasterAddress(String option, String host, int port) {
  private static final Pattern ADDRESS =
      Pattern.compile("(?:\\w+://)?(?<host>[\\w.-]+|\\[[0-9a-fA-F:.]+]):(?<port>\\d{1,5})/?");

  private static final int PATIENCE_MS = 10_000;

  /** The one host and port that the options name; empty if they name another kind of place. */
  public static Optional<MasterAddress> of(RunnerOptions options) {
    String name = options.runner() + "Master";
    return new Arguments(options.arguments())
        .value(name)
        .map(ADDRESS::matcher)
        .filter(Matcher::matches)
        .map(
            found ->
                new MasterAddress(
                    "--" + name, found.group("host"), Integer.parseInt(found.group("port"))));
  }

  /**
   * Checks that somebody listens there.
   *
   * @throws IllegalArgumentException if not
   */
  public void require() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), PATIENCE_MS);
    } catch (UnknownHostException e) {
      throw refused("no host of that name", e);
    } catch (IOException e) {
      throw refused(e.getMessage(), e);
    }
  }

  private IllegalArgumentException refused(String got, IOException cause) {
    return new IllegalArgumentException(
        "Cannot reach the cluster: expected it to listen at %s:%s, as %s says, got: %s"
            .formatted(host, port, option, got),
        cause);
  }
}
