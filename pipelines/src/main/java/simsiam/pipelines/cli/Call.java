package simsiam.pipelines.cli;

import java.util.List;
import java.util.stream.Collectors;
import simsiam.pipelines.stage.StageGraph;

/**
 * One call of the program.
 *
 * @param args as typed
 * @param beamArguments those after {@code --}
 */
record Call(Services services, Output output, List<String> args, List<String> beamArguments) {
  StageGraph graph() {
    return new StageGraph(services.stages());
  }

  /** The command line, to be typed again. */
  String commandLine() {
    return program() + " " + quoted(args);
  }

  /** The command that goes on where this one stopped: the same, without forcing anything. */
  String continuation() {
    List<String> words =
        args.stream().filter(arg -> !arg.equals("--force") && !arg.startsWith("--force=")).toList();
    return program() + " " + quoted(words);
  }

  /** The program as the user calls it. */
  static String program() {
    return System.getProperty("simsiam.command", "./simsiam");
  }

  static String quoted(List<String> args) {
    return args.stream()
        .map(arg -> arg.matches("[\\w@%+=:,./~-]+") ? arg : "'" + arg.replace("'", "'\\''") + "'")
        .collect(Collectors.joining(" "));
  }
}
