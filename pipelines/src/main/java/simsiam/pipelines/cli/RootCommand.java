package simsiam.pipelines.cli;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import simsiam.pipelines.cli.call.Call;
import simsiam.pipelines.cli.call.Command;
import simsiam.pipelines.cli.console.ExitCode;
import simsiam.pipelines.cli.data.DataCommand;
import simsiam.pipelines.cli.run.BenchCommand;
import simsiam.pipelines.cli.run.ConfigCommand;
import simsiam.pipelines.cli.run.PlanCommand;
import simsiam.pipelines.cli.run.RunCommand;
import simsiam.pipelines.cli.sweep.AblateCommand;
import simsiam.pipelines.cli.workspace.DoctorCommand;
import simsiam.pipelines.cli.workspace.ExportCommand;
import simsiam.pipelines.cli.workspace.MlflowCommand;
import simsiam.pipelines.cli.workspace.PruneCommand;
import simsiam.pipelines.cli.workspace.ReportCommand;
import simsiam.pipelines.cli.workspace.StatusCommand;
import simsiam.pipelines.cli.workspace.SyncCommand;

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
