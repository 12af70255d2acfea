package simsiam.pipelines.cli.workspace;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import simsiam.model.train.Checkpoint;
import simsiam.model.train.EncoderExport;
import simsiam.pipelines.cli.call.Call;
import simsiam.pipelines.cli.call.Command;
import simsiam.pipelines.cli.call.NewFiles;
import simsiam.pipelines.cli.call.WorkspaceOption;
import simsiam.pipelines.cli.console.ExitCode;
import simsiam.pipelines.cli.console.Text;
import simsiam.pipelines.cli.console.UsageException;
import simsiam.pipelines.stages.report.RunFolders;

/** Writes an encoder for other programs. */
@CommandLine.Command(
    name = "export",
    description = "Write the encoder of a checkpoint to a file for other programs.",
    footer = {
      "safetensors: float32 weights and running statistics under torchvision's names, for"
          + " load_state_dict of a torchvision ResNet of this stem and width without its fc; the"
          + " file's metadata tell mean and std of its input.",
      "dl4j: a model file of DL4J's own layers, which its ModelSerializer.restoreComputationGraph"
          + " restores anywhere, from normalised pixels [N, 3, S, S] to features [N, D]; the same"
          + " metadata are its object \"simsiam\"."
    })
public final class ExportCommand extends Command {
  private static final String CHECKPOINTS = "checkpoints";
  private static final String PRETRAIN = "pretrain";

  @Mixin private WorkspaceOption workspace;
  @Mixin private NewFiles files;

  @Parameters(
      paramLabel = "CHECKPOINT",
      description =
          "a folder step-00001234; or a folder of such, a pretrain output, a run or its name in the"
              + " workspace: the newest in it")
  private String source;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "safetensors",
      description = "safetensors (default) or dl4j")
  private String format;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "a new file (default: encoder.safetensors, for dl4j encoder.zip)")
  private Path output;

  public ExportCommand(Call call) {
    super(call);
  }

  @Override
  public Integer call() throws IOException {
    ExportFormat chosen = ExportFormat.of(format);
    Path file = files.require("export", output == null ? chosen.defaultFile() : output);
    Checkpoint checkpoint = find();
    EncoderExport export = EncoderExport.of(checkpoint);
    try {
      chosen.write(checkpoint, export, file);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + file, e);
    }
    output()
        .line(
            String.format(
                Locale.ROOT,
                "%s: %d tensors, %s, from %s",
                Text.relative(file),
                export.tensors().size(),
                export.describe(),
                Text.relative(checkpoint.folder())));
    return ExitCode.OK;
  }

  private Checkpoint find() throws IOException {
    Path folder =
        workspace
            .folder(source)
            .orElseThrow(
                () ->
                    new UsageException(
                        "Cannot export: expected the folder of a checkpoint, of a pretrain output"
                            + " or of a run, got no folder: "
                            + source));
    if (Files.exists(folder.resolve("state.json"))) {
      return Checkpoint.read(folder);
    }
    for (Path parent : parents(folder)) {
      Optional<Checkpoint> latest = Checkpoint.latest(parent);
      if (latest.isPresent()) {
        return latest.get();
      }
    }
    throw new UsageException(
        String.format("Cannot export: expected a checkpoint in %s, got none", source));
  }

  private static List<Path> parents(Path folder) {
    List<Path> parents = new ArrayList<>(List.of(folder.resolve(CHECKPOINTS), folder));
    if (RunFolders.isRun(folder)) {
      RunFolders.of(folder).finished(PRETRAIN).ifPresent(f -> parents.add(f.resolve(CHECKPOINTS)));
    }
    return parents;
  }
}
