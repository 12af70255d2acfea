package simsiam.pipelines.cli;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The commands that look into a prepared data set. */
@CommandLine.Command(
    name = "data",
    description = "Look into a prepared data set: its images, its views, whether it is whole.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {DataShowCommand.class, DataVerifyCommand.class, DataViewsCommand.class})
final class DataCommand extends Command {
  @Spec private CommandSpec spec;

  DataCommand(Call call) {
    super(call);
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(output().err());
    return ExitCode.USAGE;
  }
}
