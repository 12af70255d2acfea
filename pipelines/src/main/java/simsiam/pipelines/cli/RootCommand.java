package simsiam.pipelines.cli;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The program itself: without a command it shows what there is. */
@CommandLine.Command(
    name = "simsiam",
    description = "Self-supervised pre-training with SimSiam, from images to measured encoders.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      RunCommand.class,
      PlanCommand.class,
      AblateCommand.class,
      StatusCommand.class,
      PruneCommand.class,
      DataCommand.class,
      ReportCommand.class,
      ExportCommand.class,
      MlflowCommand.class,
      SyncCommand.class,
      ConfigCommand.class,
      DoctorCommand.class,
      BenchCommand.class,
      WarmUpCommand.class
    })
final class RootCommand extends Command {
  @Spec private CommandSpec spec;

  RootCommand(Call call) {
    super(call);
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(output().err());
    return ExitCode.USAGE;
  }
}
