package simsiam.pipelines.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import simsiam.model.file.Sha256;

/**
 * A run of seconds on bundled images, with two workspaces or more to compare.
 *
 * @param folder of the config and the workspaces
 */
record TinyStudy(Path folder) {
  /** Training images over the batch size. */
  static final int STEPS_PER_EPOCH = 15;

  private static final String CONFIG =
      """
      extends: base.yaml
      name: tiny
      dataset:
        source: fashion_mnist
        path: %s
        limit: 240
      preprocess:
        pad_to: 32
      shard:
        shards: 3
      augment:
        crop_size: 16
      encoder:
        arch: resnet10
        width: 4
      projector:
        dim: 16
      predictor:
        hidden: 8
      train:
        engine: nd4j
        epochs: 4
        batch_size: 16
        checkpoint_every_epochs: 1
        knn_every_epochs: 2
      knn:
        k: 20
      linear:
        epochs: 3
      tracking:
        mode: offline
      """;

  static TinyStudy in(Path folder) throws IOException {
    Path images = Path.of("..", "conf", "fashion-mnist").toAbsolutePath().normalize();
    Files.writeString(folder.resolve("tiny.yaml"), CONFIG.formatted(images));
    return new TinyStudy(folder);
  }

  /** {@code simsiam <command> tiny.yaml workspace=<folder>/<workspace> ...}. */
  SimsiamProcess start(String command, String workspace, String... more) throws IOException {
    return SimsiamProcess.start(folder, arguments(command, workspace, more));
  }

  String[] arguments(String command, String workspace, String... more) {
    List<String> first =
        List.of(command, folder.resolve("tiny.yaml").toString(), "workspace=" + at(workspace));
    return Stream.concat(first.stream(), Stream.of(more)).toArray(String[]::new);
  }

  Path at(String workspace) {
    return folder.resolve(workspace);
  }

  /** Files in what a stage is writing at the moment, by path relative to its partial folder. */
  List<String> unfinished(String workspace, String stage) throws IOException {
    Path stages = at(workspace).resolve("stages").resolve(stage);
    for (Path output : entries(stages)) {
      if (output.toString().endsWith(".partial")) {
        return filesBelow(output);
      }
    }
    return List.of();
  }

  boolean committed(String workspace, String stage) throws IOException {
    return entries(at(workspace).resolve("stages").resolve(stage)).stream()
        .anyMatch(output -> Files.exists(output.resolve("_SUCCESS.json")));
  }

  /**
   * SHA-256 of what the stages have made, by path. Left out is what tells of times: {@code
   * _SUCCESS.json}, the training history with its images a second, and the reports of both.
   */
  SortedMap<String, String> digests(String workspace) throws IOException {
    Path stages = at(workspace).resolve("stages");
    SortedMap<String, String> digests = new TreeMap<>();
    for (String file : filesBelow(stages)) {
      if (!file.matches(
          "report/.*|pretrain/[^/]+/report\\.json|.*/(_SUCCESS\\.json|state\\.json|history\\.jsonl)")) {
        digests.put(file, Sha256.of(stages.resolve(file)));
      }
    }
    return digests;
  }

  private static List<Path> entries(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.toList();
    }
  }

  /** As of now, in a tree that may be changing. */
  private static List<String> filesBelow(Path root) throws IOException {
    return new Listing(root).files();
  }
}
