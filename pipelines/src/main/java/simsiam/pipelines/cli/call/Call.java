package simsiam.pipelines.cli.call;

import java.util.List;
import java.util.stream.Collectors;
import simsiam.pipelines.cli.console.Output;
import simsiam.pipelines.redact.Redaction;
import simsiam.pipelines.stage.StageGraph;

/**
 * One call of the program.
 *
 * @param args as typed
 * @param beamArguments those after {@code --}
 */
public record Call(
    Services services, Output output, List<String> args, List<String> beamArguments) {
  public StageGraph graph() {
    return new StageGraph(services.stages());
  }

  /** The command line, to be typed again; without its secrets, as it is shown and stored. */
  public String commandLine() {
    return program() + " " + quoted(args);
  }

  /**
   * The command that goes on where this one stopped: the same, without forcing anything. What it
   * lacks of secrets it says.
   */
  public String continuation() {
    List<String> words =
        args.stream().filter(arg -> !arg.equals("--force") && !arg.startsWith("--force=")).toList();
    String left =
        Redaction.words(words).equals(words)
            ? ""
            : "  # a secret is left out: type it in place of " + Redaction.MARK;
    return program() + " " + quoted(words) + left;
  }

  /** The program as the user calls it. */
  public static String program() {
    return System.getProperty("simsiam.command", "./simsiam");
  }

  /** Words as a shell reads them, secrets left out. */
  public static String quoted(List<String> args) {
    return Redaction.words(args).stream()
        .map(arg -> arg.matches("[\\w@%+=:,./~-]+") ? arg : "'" + arg.replace("'", "'\\''") + "'")
        .collect(Collectors.joining(" "));
  }
}
