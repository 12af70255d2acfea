package simsiam.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.checkpoint.Safetensors;
import simsiam.model.engine.Tensor;
import simsiam.model.net.NetworkLayout;
import simsiam.model.train.Checkpoint;
import simsiam.model.train.TrainingState;
import simsiam.pipelines.config.ConfigLoader;
import simsiam.pipelines.config.RunConfig;

class ExportCommandTest {
  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int export(String... args) {
    String[] all = new String[args.length + 1];
    all[0] = "export";
    System.arraycopy(args, 0, all, 1, args.length);
    Output output = new Output(new PrintWriter(out), new PrintWriter(err), false);
    return new Program(new FakeServices(), output).run(all);
  }

  /** A pretrain output with a checkpoint of fresh weights. */
  private SortedMap<String, Tensor> checkpoint() {
    RunConfig config =
        new ConfigLoader(Optional.empty())
            .load(
                Path.of("..", "conf", "base.yaml"),
                List.of(
                    "encoder.arch=resnet18",
                    "encoder.width=4",
                    "projector.dim=8",
                    "predictor.hidden=4",
                    "augment.mean=[0.1, 0.2, 0.3]",
                    "augment.std=[0.4, 0.5, 0.6]"))
            .config();
    SortedMap<String, Tensor> weights = NetworkLayout.of(config.network()).initialise(3);
    TrainingState state =
        new TrainingState(
            2,
            0,
            40,
            0,
            0,
            3,
            config.network(),
            config.augment(),
            config.train(),
            "none",
            List.of());
    Checkpoint.save(folder.resolve("checkpoints"), state, new StoredNet(config.network(), weights));
    return weights;
  }

  @Test
  void writesTheBackboneUnderTorchvisionsNames() throws Exception {
    SortedMap<String, Tensor> weights = checkpoint();
    Path file = folder.resolve("encoder.safetensors");
    Files.writeString(file, "an older export");

    assertThat(export(folder.toString(), "--output", file.toString())).isZero();

    Safetensors exported = Safetensors.read(file);
    SortedMap<String, Tensor> expected = new TreeMap<>();
    weights.forEach(
        (name, tensor) -> {
          if (name.startsWith("backbone.")) {
            expected.put(name.replaceFirst("backbone.", ""), tensor);
          }
        });
    assertThat(exported.tensors().keySet())
        .containsExactlyElementsOf(expected.keySet())
        .contains(
            "conv1.weight",
            "bn1.running_var",
            "layer1.0.conv1.weight",
            "layer2.0.downsample.0.weight",
            "layer2.0.downsample.1.running_mean",
            "layer4.1.bn2.bias");
    exported
        .tensors()
        .forEach(
            (name, tensor) -> {
              assertThat(tensor.shape()).isEqualTo(expected.get(name).shape());
              assertThat(tensor.data()).isEqualTo(expected.get(name).data());
            });
    assertThat(exported.metadata())
        .containsEntry("format", "pt")
        .containsEntry("arch", "resnet18")
        .containsEntry("stem", "cifar")
        .containsEntry("width", "4")
        .containsEntry("feature_dim", "32")
        .containsEntry("mean", "[0.1, 0.2, 0.3]")
        .containsEntry("std", "[0.4, 0.5, 0.6]")
        .containsEntry("epoch", "2")
        .containsEntry("step", "40");
    assertThat(out.toString()).contains("resnet18 with the cifar stem, width 4", "step-00000040");
    try (var files = Files.list(folder)) {
      assertThat(files).hasSize(2); // nothing left aside
    }
  }

  @Test
  void takesTheCheckpointTheFolderOfThemOrTheOutput() {
    checkpoint();
    Path checkpoints = folder.resolve("checkpoints");
    String file = folder.resolve("e.safetensors").toString();

    assertThat(export(checkpoints.toString(), "--output", file)).isZero();
    assertThat(export(checkpoints.resolve("step-00000040").toString(), "--output", file)).isZero();
  }

  @Test
  void saysWhatIsMissing() {
    assertThat(export(folder.toString())).isEqualTo(2);
    assertThat(export(folder.toString(), "--format", "onnx")).isEqualTo(2);

    assertThat(err.toString().lines())
        .containsExactly(
            "error: Cannot export: expected a checkpoint in " + folder + ", got none",
            "error: Cannot export: expected --format safetensors, got onnx");
  }
}
