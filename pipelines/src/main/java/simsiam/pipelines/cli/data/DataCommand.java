package simsiam.pipelines.cli.data;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import simsiam.pipelines.cli.call.Call;
import simsiam.pipelines.cli.call.Command;
import simsiam.pipelines.cli.console.ExitCode;

/** The commands that look into a prepared data set. */
@CommandLine.Command(
    name = "data",
    description = "Look into a prepared data set: its images, its views, whether it is whole.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {DataShowCommand.class, DataVerifyCommand.class, DataViewsCommand.class})
public final class DataCommand extends Command {
  @Spec private CommandSpec spec;

  public DataCommand(Call call) {
    super(call);
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(output().err());
    return ExitCode.USAGE;
  }
}
