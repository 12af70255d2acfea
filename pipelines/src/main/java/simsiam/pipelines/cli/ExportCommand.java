package simsiam.pipelines.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import simsiam.model.train.Checkpoint;
import simsiam.model.train.EncoderExport;

/** Writes an encoder for other programs. */
@CommandLine.Command(
    name = "export",
    description = "Write the encoder of a checkpoint to a file for other programs.",
    footer =
        "safetensors: float32 weights and running statistics under torchvision's names, for"
            + " load_state_dict of a torchvision ResNet of this stem and width without its fc; the"
            + " file's metadata tell mean and std of its input.")
final class ExportCommand extends Command {
  private static final String SAFETENSORS = "safetensors";
  private static final String CHECKPOINTS = "checkpoints";

  @Parameters(
      paramLabel = "CHECKPOINT",
      description =
          "a folder step-00001234, or a folder of such, or a pretrain output: the newest in it")
  private Path folder;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = SAFETENSORS,
      description = "safetensors (default)")
  private String format;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      defaultValue = "encoder.safetensors",
      description = "replaced if it is there (default: ${DEFAULT-VALUE})")
  private Path file;

  ExportCommand(Call call) {
    super(call);
  }

  @Override
  public Integer call() throws IOException {
    if (!format.equals(SAFETENSORS)) {
      throw new UsageException("Cannot export: expected --format safetensors, got " + format);
    }
    Checkpoint checkpoint = find();
    EncoderExport export = EncoderExport.of(checkpoint);
    export.write(file);
    output()
        .line(
            String.format(
                "%s: %d tensors, %s, from %s",
                Text.relative(file),
                export.tensors().size(),
                export.describe(),
                Text.relative(checkpoint.folder())));
    return ExitCode.OK;
  }

  private Checkpoint find() {
    if (Files.exists(folder.resolve("state.json"))) {
      return Checkpoint.read(folder);
    }
    for (Path parent : List.of(folder.resolve(CHECKPOINTS), folder)) {
      if (Checkpoint.latest(parent).isPresent()) {
        return Checkpoint.latest(parent).get();
      }
    }
    throw new UsageException(
        String.format("Cannot export: expected a checkpoint in %s, got none", folder));
  }
}
