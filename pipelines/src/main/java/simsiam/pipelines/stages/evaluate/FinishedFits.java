package simsiam.pipelines.stages.evaluate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import simsiam.eval.EvalJson;
import simsiam.model.file.Sha256;

/**
 * Results of the long fits of a stage, each kept in its output as soon as it is there, so that an
 * interrupted stage goes on after those that were finished. A file is named for its bytes: one that
 * is damaged is made again.
 */
record FinishedFits(Path folder) {
  private static final String ENDING = ".json";
  private static final int DIGITS = 16;

  /**
   * The result of that name, made if it is not there.
   *
   * @param name lower-case letters, digits and dashes
   */
  <T extends Record> T result(String name, Class<T> type, Supplier<T> fit) throws IOException {
    Optional<Path> kept = kept(name);
    if (kept.isPresent()) {
      return EvalJson.read(kept.get(), type);
    }
    T made = fit.get();
    Path aside = folder.resolve("fit-" + name + ".part");
    EvalJson.write(made, aside);
    Path file = folder.resolve(prefix(name) + digest(aside) + ENDING);
    Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
    return made;
  }

  /** Whether it is there already. */
  boolean has(String name) throws IOException {
    return kept(name).isPresent();
  }

  private Optional<Path> kept(String name) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.filter(file -> named(file).startsWith(prefix(name))).toList();
    }
    for (Path file : files) {
      if (named(file).equals(prefix(name) + digest(file) + ENDING)) {
        return Optional.of(file);
      }
      Files.delete(file);
    }
    return Optional.empty();
  }

  private static String named(Path file) {
    return file.getFileName().toString();
  }

  private static String prefix(String name) {
    return "fit-" + name + "_";
  }

  private static String digest(Path file) {
    return Sha256.of(file).substring(0, DIGITS);
  }
}
