package simsiam.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import simsiam.model.checkpoint.Safetensors;
import simsiam.model.file.CanonicalJson;
import simsiam.model.net.Method;
import simsiam.model.net.NetworkLayout;
import simsiam.model.net.NetworkSpec;
import simsiam.model.net.Tensor;
import simsiam.pipelines.cli.console.Output;

class ExportCommandTest {
  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int export(String... args) {
    String[] all = new String[args.length + 1];
    all[0] = "export";
    System.arraycopy(args, 0, all, 1, args.length);
    Output output = PlainWords.output(out, err, false);
    return new Program(new FakeServices(), output).run(all);
  }

  /** A pretrain output with a checkpoint of fresh weights. */
  private SortedMap<String, Tensor> checkpoint() {
    NetworkSpec network = SavedCheckpoint.network();
    SortedMap<String, Tensor> weights = NetworkLayout.of(network).initialise(3);
    SavedCheckpoint.save(folder, new StoredNet(Method.of(network), weights));
    return weights;
  }

  @Test
  void writesTheBackboneUnderTorchvisionsNames() throws Exception {
    SortedMap<String, Tensor> weights = checkpoint();
    Path file = folder.resolve("encoder.safetensors");
    Files.writeString(file, "an older export");

    assertThat(export(folder.toString(), "--force", "--output", file.toString())).isZero();

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
        .containsEntry("size", "32")
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
  void takesTheCheckpointTheFolderOfThemOrARun() throws Exception {
    checkpoint();
    Path checkpoints = folder.resolve("checkpoints");
    String file = folder.resolve("e.safetensors").toString();
    Path run = folder.resolve("runs/invocations/1-study");
    Files.createDirectories(run);
    List<Map<String, String>> plan =
        List.of(Map.of("stage", "pretrain", "output", folder.toString()));
    CanonicalJson.write(run.resolve("plan.json"), plan);
    String workspace = folder.resolve("runs").toString();

    assertThat(export(checkpoints.toString(), "--output", file)).isZero();
    String step = checkpoints.resolve("step-00000040").toString();
    assertThat(export(step, "--output", file, "--force")).isZero();
    assertThat(export(run.toString(), "--output", file, "--force")).isZero();
    assertThat(export("1-study", "--workspace", workspace, "--output", file, "--force")).isZero();
    assertThat(out.toString().lines()).hasSize(4).allMatch(line -> line.contains("step-00000040"));
  }

  @Test
  void saysWhatIsMissing() throws Exception {
    Path file = Files.createFile(folder.resolve("weights.safetensors"));

    assertThat(export(folder.toString())).isEqualTo(2);
    assertThat(export(folder.resolve("gone").toString())).isEqualTo(2);
    assertThat(export(file.toString())).isEqualTo(2);
    assertThat(export(folder.toString(), "--format", "onnx")).isEqualTo(2);

    String expected =
        "error: Cannot export: expected the folder of a checkpoint, of a pretrain output or of a"
            + " run, got no folder: ";
    assertThat(err.toString().lines())
        .containsExactly(
            "error: Cannot export: expected a checkpoint in " + folder + ", got none",
            expected + folder.resolve("gone"),
            expected + file,
            "error: Cannot export: expected --format safetensors or dl4j, got onnx");
  }

  @ParameterizedTest
  @ValueSource(strings = {"safetensors", "dl4j"})
  void refusesAPlaceThatCannotHoldTheFile(String format) {
    checkpoint();
    String source = folder.toString();
    Path nowhere = folder.resolve("no/encoder");
    String proc = "/proc/encoder"; // takes no files, even from root

    assertThat(export(source, "--format", format, "--output", nowhere.toString())).isEqualTo(2);
    assertThat(export(source, "--format", format, "--output", source)).isEqualTo(2);
    assertThat(export(source, "--format", format, "--output", proc)).isIn(2, 3);

    assertThat(err.toString().lines().filter(line -> line.startsWith("error: Cannot")))
        .hasSize(3)
        .startsWith(
            "error: Cannot export: expected a folder to write to, got none: " + folder + "/no",
            "error: Cannot export: expected a file to write, got a folder: " + folder)
        .last()
        .asString()
        .contains("/proc");
  }

  @ParameterizedTest
  @ValueSource(strings = {"safetensors", "dl4j"})
  void refusesToReplaceWhatTheUserDidNotLetGo(String format) throws Exception {
    checkpoint();
    Path there = Files.writeString(folder.resolve("there"), "precious");

    assertThat(export(folder.toString(), "--format", format, "--output", there + "")).isEqualTo(2);

    assertThat(err.toString().strip())
        .isEqualTo(
            "error: Cannot export: expected a new file, or --force to replace one: " + there);
    assertThat(there).hasContent("precious");
  }

  /** Even when asked to: a device, a pipe, a link to nothing. */
  @ParameterizedTest
  @ValueSource(strings = {"safetensors", "dl4j"})
  void replacesRegularFilesAlone(String format) throws Exception {
    checkpoint();
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Path device = Files.createSymbolicLink(folder.resolve("device"), Path.of("/dev/null"));
    Path nothing = Files.createSymbolicLink(folder.resolve("nothing"), folder.resolve("gone"));

    for (Path output : List.of(pipe, device, nothing)) {
      assertThat(export(folder.toString(), "--format", format, "--force", "--output", output + ""))
          .isEqualTo(2);
    }

    assertThat(err.toString().lines())
        .containsExactly(
            "error: Cannot export: expected a new file or a regular one, got a device or a pipe: "
                + pipe,
            "error: Cannot export: expected a new file or a regular one, got a device or a pipe: "
                + device,
            "error: Cannot export: expected a file to write, got a link to nothing: " + nothing);
    assertThat(Files.readAttributes(pipe, BasicFileAttributes.class).isOther()).isTrue();
    assertThat(device).isSymbolicLink();
    assertThat(folder.resolve("gone")).doesNotExist();
  }

  @Test
  void aLinkedFileIsReplacedNotTheLink() throws Exception {
    checkpoint();
    Path file = Files.writeString(folder.resolve("file"), "an older export");
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);

    assertThat(export(folder.toString(), "--force", "--output", link.toString())).isZero();

    assertThat(link).isSymbolicLink();
    assertThat(Safetensors.read(file).metadata()).containsEntry("format", "pt");
  }

  /** By its name, through a link to the file and through a link to its folder. */
  @ParameterizedTest
  @ValueSource(strings = {"safetensors", "dl4j"})
  void damagesNoCheckpointAndNothingOfAWorkspace(String format) throws Exception {
    checkpoint();
    Path step = folder.resolve("checkpoints/step-00000040");
    byte[] before = Files.readAllBytes(step.resolve("weights.safetensors"));
    Path file =
        Files.createSymbolicLink(folder.resolve("file"), step.resolve("weights.safetensors"));
    Path steps = Files.createSymbolicLink(folder.resolve("steps"), step);
    Path stage = Files.createDirectories(folder.resolve("runs/stages/knn/0123"));
    Files.createFile(
        Files.createDirectories(folder.resolve("copy/plots")).resolve("../_inputs.json"));
    Files.createDirectories(folder.resolve("runs/invocations"));

    List<Path> refused =
        List.of(
            step.resolve("weights.safetensors"),
            step.resolve("new"),
            file,
            steps.resolve("state.json"),
            stage.resolve("new"),
            folder.resolve("runs/invocations/new"),
            folder.resolve("copy/plots/new"));
    for (Path output : refused) {
      assertThat(export(folder.toString(), "--format", format, "--force", "--output", output + ""))
          .as(output.toString())
          .isEqualTo(2);
    }

    assertThat(err.toString().lines())
        .hasSameSizeAs(refused)
        .allMatch(
            line ->
                line.startsWith(
                    "error: Cannot export: expected a place outside of stages, checkpoints and"
                        + " records of runs: "));
    assertThat(step.resolve("weights.safetensors")).hasBinaryContent(before);
    assertThat(step.resolve("new")).doesNotExist();
    String top = folder.resolve("runs/encoder").toString();
    assertThat(export(folder.toString(), "--format", format, "--output", top)).isZero();
  }

  @Test
  void findsDamageToTheCheckpoint() throws Exception {
    checkpoint();
    Path step = folder.resolve("checkpoints/step-00000040");
    Files.write(step.resolve("weights.safetensors"), new byte[9]);

    assertThat(export(folder.toString(), "--output", folder.resolve("e").toString())).isEqualTo(3);
    Files.writeString(step.resolve("state.json"), "no JSON");
    assertThat(export(folder.toString(), "--output", folder.resolve("e").toString())).isEqualTo(3);

    assertThat(err.toString().lines().toList().get(0))
        .startsWith("error: Cannot read checkpoint: expected weights.safetensors with SHA-256 ");
    assertThat(err.toString())
        .contains(
            "error: Cannot read checkpoint: expected state.json with the state of a training, got"
                + " other text ("
                + step
                + ")");
    assertThat(folder.resolve("e")).doesNotExist();
  }
}
