package simsiam.pipelines.cli.data;

import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import simsiam.model.net.Method;
import simsiam.pipelines.cli.call.Call;
import simsiam.pipelines.cli.call.Command;
import simsiam.pipelines.cli.console.ExitCode;
import simsiam.pipelines.cli.console.Text;
import simsiam.pipelines.cli.console.UsageException;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.dataset.PreparedDataset;
import simsiam.pipelines.stages.data.SplitImages;

/** Draws the augmented views that training sees. */
@CommandLine.Command(
    name = "views",
    description = "Draw random train images with the views that training makes of them.")
public final class DataViewsCommand extends Command {
  @Mixin private DatasetArguments dataset;
  @Mixin private DataShowCommand.SheetOptions sheet;

  @Option(
      names = "--views",
      paramLabel = "N",
      description = "of each image (default: as many as the objective takes)")
  private int views;

  @Option(
      names = "--epoch",
      paramLabel = "EPOCH",
      defaultValue = "1",
      description = "of the training, from 1 (default: ${DEFAULT-VALUE})")
  private int epoch;

  public DataViewsCommand(Call call) {
    super(call);
  }

  @Override
  public Integer call() throws IOException {
    RunConfig config = dataset.config("draw views").config();
    if (views < 0 || epoch < 1) {
      throw new UsageException(
          "Cannot draw views: expected --views and --epoch of at least 1, got %s and %s"
              .formatted(views, epoch));
    }
    PreparedDataset found = dataset.find(invoked());
    Path png = sheet.file("views.png");
    sheet
        .of(found)
        .views(
            png,
            SplitImages.withStatistics(config.augment(), found.manifest()),
            views == 0 ? Method.of(config.network()).views() : views,
            config.seed(),
            epoch);
    output().line(Text.relative(png));
    return ExitCode.OK;
  }
}
