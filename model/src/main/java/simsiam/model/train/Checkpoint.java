package simsiam.model.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import simsiam.model.checkpoint.Safetensors;
import simsiam.model.engine.TrainingNet;
import simsiam.model.file.AtomicFile;
import simsiam.model.file.CanonicalJson;
import simsiam.model.file.FileTree;
import simsiam.model.file.Sha256;
import simsiam.model.net.Tensor;

/**
 * A point from which training continues exactly: the folder {@code step-00001234} with {@code
 * weights.safetensors}, {@code optimizer.safetensors}, {@code state.json}, and {@code
 * targets.safetensors} where steps are given targets that were made before (paper §5.2). It is
 * written aside and renamed, so that a folder of that name is complete; {@code state.json} holds
 * the hashes of the others and of its own values, so that damage is found when it is read.
 */
public record Checkpoint(Path folder, TrainingState state) {
  private static final String WEIGHTS = "weights.safetensors";
  private static final String OPTIMIZER = "optimizer.safetensors";
  private static final String TARGETS = "targets.safetensors";
  private static final String STATE = "state.json";
  private static final String PREFIX = "step-";
  private static final String PARTIAL = ".partial";
  private static final String REMOVED = ".removed";

  /** Checkpoints kept: the newest, and the one before it in case the newest is damaged. */
  private static final int KEPT = 2;

  /**
   * What {@code state.json} holds.
   *
   * @param stateSha256 of the state as canonical JSON in one line; null in old checkpoints
   */
  private record Content(TrainingState state, Map<String, String> sha256, String stateSha256) {}

  /** A checkpoint that is not as it was written. */
  private record Damage(Path folder, String problem) {
    @Override
    public String toString() {
      return folder.getFileName() + ": " + problem;
    }
  }

  /** The checkpoints of a folder, the newest first. */
  private record Examined(List<Checkpoint> intact, List<Damage> damaged) {
    void requireOne(Path parent) {
      if (intact.isEmpty()) {
        String problems = damaged.stream().map(Damage::toString).collect(Collectors.joining("; "));
        throw new DamagedCheckpointException(
            "Cannot continue training: expected an intact checkpoint, got %s (%s)"
                .formatted(
                    damaged.isEmpty() ? "none" : "none but damaged ones: " + problems, parent));
      }
    }
  }

  /** Writes a checkpoint of a training whose steps are given no targets. */
  public static Checkpoint save(Path parent, TrainingState state, TrainingNet net) {
    return save(parent, state, net, Collections.emptySortedMap());
  }

  /**
   * Writes a checkpoint into {@code parent} and removes all but the newest two.
   *
   * @param targets that the steps to come need, by name; empty if they need none
   */
  static Checkpoint save(
      Path parent, TrainingState state, TrainingNet net, SortedMap<String, Tensor> targets) {
    String name = String.format(Locale.ROOT, PREFIX + "%08d", state.step());
    Path folder = parent.resolve(name);
    Path aside = parent.resolve(name + PARTIAL);
    SortedMap<String, SortedMap<String, Tensor>> files = new TreeMap<>();
    files.put(WEIGHTS, net.exportWeights());
    files.put(OPTIMIZER, net.exportOptimizer());
    if (!targets.isEmpty()) {
      files.put(TARGETS, targets);
    }
    files.get(WEIGHTS).forEach((tensor, values) -> requireFinite(tensor, values, folder));
    try {
      Files.createDirectories(parent);
      FileTree.delete(aside);
      Files.createDirectory(aside);
      SortedMap<String, String> hashes = new TreeMap<>();
      for (String file : files.keySet()) {
        Safetensors.of(files.get(file)).write(aside.resolve(file));
        hashes.put(file, Sha256.of(aside.resolve(file)));
      }
      String digest = digest(CanonicalJson.compact(state));
      CanonicalJson.write(aside.resolve(STATE), new Content(state, hashes, digest));
      remove(folder);
      AtomicFile.commit(aside, folder);
      removeOld(parent);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot write checkpoint: " + e.getMessage() + " (" + folder + ")", e);
    }
    return new Checkpoint(folder, state);
  }

  /**
   * The newest checkpoint in {@code parent}; damage to it is an error, since one before it is of
   * another network.
   *
   * @throws DamagedCheckpointException naming the newest intact one beside it, if there is one
   */
  public static Optional<Checkpoint> latest(Path parent) {
    List<Path> all = list(parent);
    if (all.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(read(all.get(all.size() - 1)));
    } catch (DamagedCheckpointException e) {
      String other =
          examine(parent).intact().stream()
              .findFirst()
              .map(intact -> "; the newest intact one is " + intact.folder())
              .orElse("; there is no intact one beside it");
      throw new DamagedCheckpointException(e.getMessage() + other);
    }
  }

  /**
   * Refuses a folder in which no checkpoint is intact.
   *
   * @throws DamagedCheckpointException naming the damage of each
   */
  public static void requireIntact(Path parent) {
    examine(parent).requireOne(parent);
  }

  /**
   * The newest intact checkpoint, for a training that goes on; empty if there never was one.
   * Damaged ones are moved to {@code aside} and told of; what killed processes left half written or
   * half removed is removed.
   *
   * @param aside on the same file system; made if it is needed
   * @throws DamagedCheckpointException if there are checkpoints and none is intact; nothing is
   *     moved then
   */
  static Optional<Checkpoint> recover(
      Path parent, Path aside, Consumer<TrainEvent.Damaged> damaged) {
    Examined found = examine(parent);
    if (!found.damaged().isEmpty()) {
      found.requireOne(parent);
    }
    try {
      for (Damage damage : found.damaged()) {
        Files.createDirectories(aside);
        Path kept = aside.resolve(damage.folder().getFileName());
        Files.move(damage.folder(), kept, StandardCopyOption.ATOMIC_MOVE);
        damaged.accept(new TrainEvent.Damaged(damage.folder(), damage.problem(), kept));
      }
      for (Path leftover : folders(parent, "(%s|%s)".formatted(PARTIAL, REMOVED))) {
        FileTree.delete(leftover);
      }
      removeOld(parent);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot tidy checkpoints: " + e.getMessage() + " (" + parent + ")", e);
    }
    return found.intact().stream().findFirst();
  }

  private static Examined examine(Path parent) {
    Examined examined = new Examined(new ArrayList<>(), new ArrayList<>());
    for (Path folder : list(parent)) {
      try {
        examined.intact().add(0, read(folder));
      } catch (DamagedCheckpointException e) {
        examined.damaged().add(0, new Damage(folder, e.problem()));
      }
    }
    return examined;
  }

  /**
   * Reads a checkpoint and compares all of it with its hashes.
   *
   * @throws DamagedCheckpointException if it is not as it was written
   */
  public static Checkpoint read(Path folder) {
    Content content = content(folder);
    Set<String> files = new TreeSet<>(content.sha256().keySet());
    files.addAll(List.of(WEIGHTS, OPTIMIZER));
    for (String file : files) {
      String expected = content.sha256().get(file);
      Path path = folder.resolve(file);
      String actual = Files.exists(path) ? Sha256.of(path) : "no file";
      if (!actual.equals(expected)) {
        throw damaged(folder, "%s with SHA-256 %s".formatted(file, expected), actual, null);
      }
    }
    return new Checkpoint(folder, content.state());
  }

  private static Content content(Path folder) {
    String text;
    try {
      text = new String(Files.readAllBytes(folder.resolve(STATE)), StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      throw damaged(folder, STATE, "no file", e);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read checkpoint: " + e + " (" + folder + ")", e);
    }
    String expected = STATE + " with the state of a training";
    Content content;
    try {
      content = CanonicalJson.parse(text, Content.class);
    } catch (UncheckedIOException e) {
      throw damaged(folder, expected, text.isBlank() ? "an empty file" : "other text", e);
    }
    if (content == null || content.state() == null || content.sha256() == null) {
      throw damaged(folder, expected, "one that lacks it", null);
    }
    if (content.stateSha256() != null) {
      String digest = digest(CanonicalJson.compact(CanonicalJson.parse(text).get("state")));
      if (!digest.equals(content.stateSha256())) {
        throw damaged(
            folder,
            STATE + " with SHA-256 " + content.stateSha256() + " of its state",
            digest,
            null);
      }
    }
    return content;
  }

  private static DamagedCheckpointException damaged(
      Path folder, String expected, String got, Throwable cause) {
    return new DamagedCheckpointException(
        "expected %s, got %s".formatted(expected, got), folder, cause);
  }

  /** Of JSON in one line, after a way through a tree, as it is when it has been read. */
  private static String digest(String json) {
    byte[] canonical =
        CanonicalJson.compact(CanonicalJson.parse(json)).getBytes(StandardCharsets.UTF_8);
    return Sha256.hex(Sha256.digest().digest(canonical));
  }

  public SortedMap<String, Tensor> weights() {
    return tensors(WEIGHTS);
  }

  public SortedMap<String, Tensor> optimizer() {
    return tensors(OPTIMIZER);
  }

  /** What the next steps are given; empty where they make their own targets. */
  SortedMap<String, Tensor> targets() {
    return Files.exists(folder.resolve(TARGETS)) ? tensors(TARGETS) : Collections.emptySortedMap();
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

  private static void removeOld(Path parent) throws IOException {
    List<Path> all = list(parent);
    for (Path old : all.subList(0, Math.max(0, all.size() - KEPT))) {
      remove(old);
    }
  }

  /** At once by name: a checkpoint that is half removed would look like a damaged one. */
  private static void remove(Path folder) throws IOException {
    if (Files.exists(folder)) {
      Path removed = folder.resolveSibling(folder.getFileName() + REMOVED);
      FileTree.delete(removed);
      Files.move(folder, removed, StandardCopyOption.ATOMIC_MOVE);
      FileTree.delete(removed);
    }
  }

  /** Complete checkpoints, oldest first. */
  private static List<Path> list(Path parent) {
    return folders(parent, "");
  }

  private static List<Path> folders(Path parent, String suffix) {
    if (!Files.isDirectory(parent)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(parent)) {
      return files
          .filter(f -> f.getFileName().toString().matches(PREFIX + "\\d+" + suffix))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list checkpoints (" + parent + ")", e);
    }
  }
}
