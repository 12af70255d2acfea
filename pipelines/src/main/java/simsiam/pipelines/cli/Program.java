package simsiam.pipelines.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;
import simsiam.pipelines.cli.call.Call;
import simsiam.pipelines.cli.call.Command;
import simsiam.pipelines.cli.call.Services;
import simsiam.pipelines.cli.console.ExitCode;
import simsiam.pipelines.cli.console.Failures;
import simsiam.pipelines.cli.console.Output;
import simsiam.pipelines.cli.run.StageOptions;
import simsiam.pipelines.redact.Redaction;

/** The program without its process: parses a command line, runs the command, gives an exit code. */
final class Program {
  private final Services services;
  private final Output output;

  Program(Services services, Output output) {
    this.services = services;
    this.output = output;
  }

  /** Runs one command; what follows a {@code --} goes to Beam. */
  int run(String... args) {
    Redaction.learn(List.of(args));
    Redaction.learn(System.getenv());
    Redaction.learn(System.getProperties());
    List<String> own = new ArrayList<>(Arrays.asList(args));
    List<String> beam = new ArrayList<>();
    int dashes = own.indexOf("--");
    if (dashes >= 0) {
      beam.addAll(own.subList(dashes + 1, own.size()));
      own.subList(dashes, own.size()).clear();
    }
    if (!own.isEmpty() && StageOptions.COMMANDS.contains(own.get(0))) {
      // An option with an optional value would swallow the word after it.
      own.replaceAll(arg -> arg.equals("--force") ? "--force=" + StageOptions.ALL : arg);
    }
    Call call = new Call(services, output, List.of(args), beam);
    CommandLine commands = commandLine(call);
    commands.setOut(output.out());
    commands.setErr(output.err());
    commands.setParameterExceptionHandler((e, ignored) -> usage(e));
    commands.setExecutionExceptionHandler((e, command, parsed) -> new Failures(output).report(e));
    try {
      return commands.execute(own.toArray(String[]::new));
    } catch (Error e) { // which picocli lets pass: no memory, a class that cannot be loaded
      return new Failures(output).report(e);
    }
  }

  /** What the words of a call may be. */
  static CommandLine commandLine(Call call) {
    return new CommandLine(new RootCommand(call), factory(call));
  }

  /** Makes a command by its constructor that takes the call. */
  private static IFactory factory(Call call) {
    IFactory standard = CommandLine.defaultFactory();
    return new IFactory() {
      @Override
      public <K> K create(Class<K> type) throws Exception {
        return Command.class.isAssignableFrom(type)
            ? type.getDeclaredConstructor(Call.class).newInstance(call)
            : standard.create(type);
      }
    };
  }

  private int usage(ParameterException e) {
    CommandLine command = e.getCommandLine();
    List<String> near = List.of();
    String message = e.getMessage();
    if (e instanceof UnmatchedArgumentException unmatched) {
      near = unmatched.getSuggestions();
      String first = unmatched.getUnmatched().get(0);
      if (command.getParent() == null && !first.startsWith("-")) {
        message = "Unknown command: " + first;
      }
    }
    output.complain("error: " + message);
    if (!near.isEmpty()) {
      output.complain("did you mean " + String.join(" or ", near) + "?");
    }
    output.complain("See: " + command.getCommandSpec().qualifiedName() + " --help");
    return ExitCode.USAGE;
  }
}
