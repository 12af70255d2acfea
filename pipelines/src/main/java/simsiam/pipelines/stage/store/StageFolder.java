package simsiam.pipelines.stage.store;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import simsiam.model.file.AtomicFile;
import simsiam.model.file.FileTree;
import simsiam.pipelines.result.StageReport;
import simsiam.pipelines.stage.Json;
import simsiam.pipelines.stage.Stage;
import simsiam.pipelines.stage.StageInputs;

/**
 * Where one stage keeps its output for one fingerprint. Work is done in {@link #partial()}; {@link
 * #commit} writes {@code _SUCCESS.json} last and renames the folder, so that an output is there
 * whole or not at all.
 */
public final class StageFolder {
  private static final Logger log = LoggerFactory.getLogger(StageFolder.class);
  static final String SUCCESS = "_SUCCESS.json";
  static final String INPUTS = "_inputs.json";
  private static final String PARTIAL_SUFFIX = ".partial";
  private static final String REPLACED_SUFFIX = ".replaced";
  private static final String ASIDE = ".aside-";

  private final Path committed;

  public StageFolder(Path committed) {
    this.committed = committed;
  }

  /** Final place of the output. */
  public Path committed() {
    return committed;
  }

  /** Whether an output is there; what it holds is not looked at. */
  public boolean isCommitted() {
    return Files.exists(committed.resolve(SUCCESS));
  }

  /** Where the output is while it is being made. */
  public Path partial() {
    return beside(PARTIAL_SUFFIX);
  }

  /**
   * A name beside the output that is not in use, for what is set aside: nothing but the user
   * removes it.
   */
  public Path aside() {
    int number = 1;
    while (Files.exists(beside(ASIDE + number))) {
      number++;
    }
    return beside(ASIDE + number);
  }

  /** What a folder of a stage holds, as its name says. */
  public enum Kind {
    /** A finished output. */
    OUTPUT,
    /** Work in progress, or what is left of it. */
    PARTIAL,
    /** An output that another one took the place of just now. */
    REPLACED,
    /** What was set aside. */
    ASIDE;

    /** The kind of a folder below {@link Workspace#stages}. */
    public static Kind of(Path folder) {
      String name = folder.getFileName().toString();
      if (name.endsWith(PARTIAL_SUFFIX)) {
        return PARTIAL;
      }
      return isAside(folder) ? ASIDE : name.endsWith(REPLACED_SUFFIX) ? REPLACED : OUTPUT;
    }
  }

  /** What an output, or an unfinished one, is made of; empty if its folder does not say. */
  public static Optional<StageInputs> inputs(Path folder) throws IOException {
    Path file = folder.resolve(INPUTS);
    try {
      return Files.exists(file)
          ? Optional.of(Json.read(file, StageInputs.class))
          : Optional.empty();
    } catch (Json.MalformedException e) {
      log.warn("{}; taken as an output that reads no other", e.getMessage());
      return Optional.empty();
    }
  }

  /** Whether a folder of a stage is one that was set aside. */
  static boolean isAside(Path folder) {
    return folder.getFileName().toString().contains(ASIDE);
  }

  /**
   * The record of a committed output; empty if there is none that can be read. The files it names
   * are not looked at.
   */
  public Optional<SuccessRecord> success() throws IOException {
    Path record = committed.resolve(SUCCESS);
    if (!Files.exists(record)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Json.read(record, SuccessRecord.class));
    } catch (Json.MalformedException e) {
      log.warn("{}; its stage will run again", e.getMessage());
      return Optional.empty();
    }
  }

  /**
   * What is wrong with a committed output at a glance: files missing or of another length, or no
   * record of them.
   *
   * @param record as {@link #success()} gave it
   */
  public Optional<String> damage(Optional<SuccessRecord> record) {
    if (record.isPresent()) {
      return OutputFiles.damage(committed, record.get().files());
    }
    return Files.isDirectory(committed)
        ? Optional.of("no record of it in " + committed.resolve(SUCCESS))
        : Optional.empty();
  }

  /**
   * Makes a committed output that is damaged work in progress again.
   *
   * @return where an attempt that was begun since was set aside, if there was one
   */
  public Optional<Path> reopen() throws IOException {
    Optional<Path> kept = setAside(partial());
    Files.move(committed, partial(), StandardCopyOption.ATOMIC_MOVE);
    OutputFiles.sync(committed.getParent());
    return kept;
  }

  /** Gives a folder a name under which it is kept; empty if there is no such folder. */
  public Optional<Path> setAside(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return Optional.empty();
    }
    Path kept = aside();
    Files.move(folder, kept, StandardCopyOption.ATOMIC_MOVE);
    OutputFiles.sync(kept.getParent());
    return Optional.of(kept);
  }

  /** What the committed output tells; one of an earlier release gets its {@code report.json}. */
  public StageReport report(Stage stage, SuccessRecord record) throws IOException {
    Optional<StageReport> written = StageReport.read(committed);
    if (written.isPresent()) {
      return written.get();
    }
    StageReport report = stage.reportOf(committed, record.result());
    keep(report, record);
    return report;
  }

  /** The same with all that this release tells, for which the output may have to be read. */
  public StageReport wholeReport(Stage stage, SuccessRecord record) throws IOException {
    StageReport report = report(stage, record);
    StageReport whole = stage.completed(report, committed);
    if (!whole.equals(report)) {
      keep(whole, record);
    }
    return whole;
  }

  private void keep(StageReport report, SuccessRecord record) {
    if (!record.files().containsKey(StageReport.FILE_NAME)) { // else it is an evaluator's own
      report.write(committed);
    }
  }

  /** What a stage's committed output tells, if there is one. */
  public static Optional<StageReport> report(Stage stage, Path committed) throws IOException {
    StageFolder folder = new StageFolder(committed);
    Optional<SuccessRecord> record = folder.success();
    return record.isPresent()
        ? Optional.of(folder.wholeReport(stage, record.get()))
        : Optional.empty();
  }

  /** Whether an earlier run left work behind. */
  public boolean interrupted() {
    return Files.exists(partial().resolve(INPUTS));
  }

  /**
   * The upstream outputs that work in progress has read, by their digests; empty if that was begun
   * by a release that did not note them.
   */
  public SortedMap<String, String> reads() throws IOException {
    Path file = partial().resolve(INPUTS);
    if (!Files.exists(file)) {
      return new TreeMap<>();
    }
    try {
      return Optional.ofNullable(Json.read(file, Reads.class).upstreamOutputs())
          .orElseGet(TreeMap::new);
    } catch (Json.MalformedException e) {
      log.warn("{}; what it has read is not known", e.getMessage());
      return new TreeMap<>();
    }
  }

  /** What {@code _inputs.json} has besides {@link StageInputs} until the output is whole. */
  private record Reads(SortedMap<String, String> upstreamOutputs) {}

  private record Begun(@JsonUnwrapped StageInputs inputs, @JsonUnwrapped Reads reads) {}

  /**
   * Makes the partial folder ready.
   *
   * @param reads the upstream outputs by their digests
   * @param keep whether what an interrupted run left stays
   */
  public Path begin(StageInputs inputs, SortedMap<String, String> reads, boolean keep)
      throws IOException {
    FileTree.delete(beside(REPLACED_SUFFIX));
    if (!keep) {
      FileTree.delete(partial());
    }
    Files.createDirectories(partial());
    Files.deleteIfExists(partial().resolve(SUCCESS));
    Json.discard(partial().resolve(SUCCESS)); // what a kill may leave of writing it
    AtomicFile.sweep(partial());
    Json.write(partial().resolve(INPUTS), new Begun(inputs, new Reads(reads)));
    return partial();
  }

  /** Gives the output its final name, in place of an older one. */
  public void commit(SuccessRecord record) throws IOException {
    // What was read matters to work that goes on, and its digests would differ from run to run.
    Json.write(partial().resolve(INPUTS), record.inputs());
    Json.write(partial().resolve(SUCCESS), record);
    OutputFiles.sync(partial());
    if (Files.exists(committed)) {
      Files.move(committed, beside(REPLACED_SUFFIX), StandardCopyOption.ATOMIC_MOVE);
    }
    Files.move(partial(), committed, StandardCopyOption.ATOMIC_MOVE);
    OutputFiles.sync(committed.getParent());
    FileTree.delete(beside(REPLACED_SUFFIX));
  }

  private Path beside(String suffix) {
    return committed.resolveSibling(committed.getFileName() + suffix);
  }
}
