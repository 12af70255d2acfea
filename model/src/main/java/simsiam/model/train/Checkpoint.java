package simsiam.model.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;
import simsiam.model.checkpoint.Safetensors;
import simsiam.model.data.AtomicFile;
import simsiam.model.data.CanonicalJson;
import simsiam.model.data.FileTree;
import simsiam.model.data.Sha256;
import simsiam.model.engine.SiameseNet;
import simsiam.model.engine.Tensor;

/**
 * A point from which training continues exactly: the folder {@code step-00001234} with {@code
 * weights.safetensors}, {@code optimizer.safetensors} and {@code state.json}. It is written aside
 * and renamed, so that a folder of that name is complete; {@code state.json} holds the hashes of
 * the other two, so that damage is found when it is read.
 */
public record Checkpoint(Path folder, TrainingState state) {
  private static final String WEIGHTS = "weights.safetensors";
  private static final String OPTIMIZER = "optimizer.safetensors";
  private static final String STATE = "state.json";
  private static final String PREFIX = "step-";

  /** Checkpoints kept: the newest, and the one before it in case the newest is damaged. */
  private static final int KEPT = 2;

  private record Content(TrainingState state, Map<String, String> sha256) {}

  /** Writes a checkpoint into {@code parent} and removes all but the newest two. */
  public static Checkpoint save(Path parent, TrainingState state, SiameseNet net) {
    String name = PREFIX + String.format(Locale.ROOT, "%08d", state.step());
    Path folder = parent.resolve(name);
    Path aside = parent.resolve(name + ".partial");
    SortedMap<String, Tensor> weights = net.exportWeights();
    weights.forEach((tensor, values) -> requireFinite(tensor, values, folder));
    try {
      Files.createDirectories(parent);
      FileTree.delete(aside);
      Files.createDirectory(aside);
      Safetensors.of(weights).write(aside.resolve(WEIGHTS));
      Safetensors.of(net.exportOptimizer()).write(aside.resolve(OPTIMIZER));
      Map<String, String> hashes =
          Map.of(
              WEIGHTS, Sha256.of(aside.resolve(WEIGHTS)),
              OPTIMIZER, Sha256.of(aside.resolve(OPTIMIZER)));
      CanonicalJson.write(aside.resolve(STATE), new Content(state, hashes));
      FileTree.delete(folder);
      AtomicFile.commit(aside, folder);
      List<Path> all = list(parent);
      for (Path old : all.subList(0, Math.max(0, all.size() - KEPT))) {
        FileTree.delete(old);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot write checkpoint: " + e.getMessage() + " (" + folder + ")", e);
    }
    return new Checkpoint(folder, state);
  }

  /**
   * The newest checkpoint in {@code parent}; damage to it is an error, not a reason to start over.
   */
  public static Optional<Checkpoint> latest(Path parent) {
    List<Path> all = list(parent);
    return all.isEmpty() ? Optional.empty() : Optional.of(read(all.get(all.size() - 1)));
  }

  public static Checkpoint read(Path folder) {
    Content content = CanonicalJson.read(folder.resolve(STATE), Content.class);
    content.sha256().forEach((file, expected) -> verify(folder, file, expected));
    return new Checkpoint(folder, content.state());
  }

  public SortedMap<String, Tensor> weights() {
    return tensors(WEIGHTS);
  }

  public SortedMap<String, Tensor> optimizer() {
    return tensors(OPTIMIZER);
  }

  private SortedMap<String, Tensor> tensors(String file) {
    try {
      return Safetensors.read(folder.resolve(file)).tensors();
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  /** A checkpoint with a NaN in it would replace a good one. */
  private static void requireFinite(String name, Tensor tensor, Path folder) {
    for (float value : tensor.data()) {
      if (!Float.isFinite(value)) {
        throw new TrainingFailedException(
            "Cannot write checkpoint: expected finite weights, got %s in %s (%s)"
                .formatted(value, name, folder));
      }
    }
  }

  private static void verify(Path folder, String file, String expected) {
    Path path = folder.resolve(file);
    String actual = Files.exists(path) ? Sha256.of(path) : "no file";
    if (!actual.equals(expected)) {
      throw new IllegalStateException(
          "Cannot read checkpoint: expected %s with SHA-256 %s, got %s (%s); remove that folder to go on from the checkpoint before it"
              .formatted(file, expected, actual, folder));
    }
  }

  /** Complete checkpoints, oldest first. */
  private static List<Path> list(Path parent) {
    if (!Files.isDirectory(parent)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(parent)) {
      List<Path> found =
          new ArrayList<>(
              files.filter(f -> f.getFileName().toString().matches(PREFIX + "\\d+")).toList());
      Collections.sort(found);
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list checkpoints (" + parent + ")", e);
    }
  }
}
