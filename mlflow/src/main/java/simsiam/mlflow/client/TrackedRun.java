package simsiam.mlflow.client;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import simsiam.mlflow.DatasetInput;
import simsiam.mlflow.ModelOutput;
import simsiam.mlflow.ModelRef;
import simsiam.mlflow.RunStatus;
import simsiam.mlflow.lock.ProcessLock;
import simsiam.mlflow.spool.Entry;
import simsiam.mlflow.spool.Journal;
import simsiam.mlflow.spool.JournalFlusher;
import simsiam.mlflow.spool.JournalState;
import simsiam.mlflow.spool.RunFolder;

/**
 * A run being logged. Logging a metric, parameter or tag takes microseconds and never fails for
 * want of a server or a disk. Safe for use by several threads.
 *
 * <p>In a continued run, what the journal has already is passed over: points at or before the last
 * step of their metric, and parameters with the same value. So a training that goes back to its
 * last checkpoint draws each point once.
 */
public final class TrackedRun implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(TrackedRun.class);
  private static final int KEYS_PER_ENTRY = 90;

  private final RunFolder folder;
  private final Journal journal;
  private final ProcessLock ownership;
  private final JournalState before;
  private final UnaryOperator<String> shown;
  private final Runnable onClose;
  private final Map<String, Long> resumedAt;
  private final LastPoints points;
  private final FileKeeper files;
  private volatile String note;
  private boolean imagesTagged;
  private boolean closed;

  TrackedRun(
      RunFolder folder,
      Journal journal,
      ProcessLock ownership,
      JournalState before,
      String note,
      UnaryOperator<String> shown,
      Runnable onClose) {
    this.folder = folder;
    this.journal = journal;
    this.ownership = ownership;
    this.before = before;
    this.note = note;
    this.shown = shown;
    this.onClose = onClose;
    this.resumedAt = before.lastSteps();
    this.points = new LastPoints(before);
    this.files = new FileKeeper(folder);
  }

  /** Logs one value of a metric; NaN and infinities are legal. */
  public void metric(String key, double value, long step) {
    if (isNew(key, step)) {
      points.logged(key, step, journal.append(new Entry.Metrics(step, Map.of(key, value))));
    }
  }

  /** Logs values of several metrics at one step. */
  public void metrics(Map<String, Double> values, long step) {
    Map<String, Double> fresh = new LinkedHashMap<>(values);
    fresh.keySet().removeIf(key -> !isNew(key, step));
    inParts(fresh, part -> new Entry.Metrics(step, part));
  }

  /**
   * Logs parameters. The server keeps the first value of each for good: another one in a continued
   * run becomes a tag {@code resumed.<name>}.
   */
  public void params(Map<String, String> values) {
    Map<String, String> fresh = new LinkedHashMap<>();
    Map<String, String> changed = new LinkedHashMap<>();
    values.forEach(
        (key, given) -> {
          String value = shown.apply(given);
          String first = before.params().get(key);
          if (first == null) {
            fresh.put(key, value);
          } else if (!first.equals(value)) {
            changed.put("resumed." + key, value);
          }
        });
    inParts(fresh, Entry.Params::new);
    tags(changed);
  }

  /** Sets a tag, or replaces its value. */
  public void tag(String key, String value) {
    tags(Map.of(key, value));
  }

  /** Sets tags, or replaces their values. */
  public void tags(Map<String, String> values) {
    Map<String, String> redacted = new LinkedHashMap<>();
    values.forEach((key, value) -> redacted.put(key, shown.apply(value)));
    inParts(redacted, Entry.Tags::new);
  }

  /** Sets the Markdown description shown on the run's page. */
  public void note(String markdown) {
    note = markdown;
    tag("mlflow.note.content", markdown);
  }

  /** Notes a data set that the run uses. */
  public void dataset(DatasetInput input) {
    journal.append(
        new Entry.Dataset(
            new DatasetInput(
                input.name(),
                input.digest(),
                input.sourceType(),
                shown.apply(input.source()),
                input.schemaJson(),
                input.profileJson(),
                input.context())));
  }

  /**
   * Logs a file, or a folder with all files in it. The file may be changed or deleted afterwards if
   * it is at most 8 MB, for it is copied; a larger one is hard-linked and must be replaced rather
   * than written in place.
   *
   * @param artifactPath folder below the run's artifacts, or empty
   * @throws IOException if the file cannot be read
   */
  public void artifact(Path file, String artifactPath) throws IOException {
    if (!Files.isDirectory(file)) {
      journal.append(files.keep(file, join(artifactPath, file.getFileName().toString())));
      return;
    }
    try (Stream<Path> below = Files.walk(file)) {
      for (Path path : below.filter(Files::isRegularFile).sorted().toList()) {
        String relative = file.relativize(path).toString().replace('\\', '/');
        journal.append(files.keep(path, join(artifactPath, relative)));
      }
    }
  }

  /**
   * Logs a picture for the image grid of MLflow's charts, which shows the same key over steps and
   * runs.
   *
   * @param key {@code a/b} of letters, digits and {@code . _ - /}
   * @param png the bytes of a PNG file
   * @throws IOException if they are no picture, or cannot be kept
   */
  public void image(String key, long step, byte[] png) throws IOException {
    if (!isNew(JournalState.imageKey(key), step)) {
      return;
    }
    synchronized (this) {
      if (!imagesTagged) {
        tag("mlflow.loggedImages", "true");
        imagesTagged = true;
      }
    }
    GridImage image = GridImage.of(key, step, System.currentTimeMillis());
    journal.append(files.keep(png, image.path()));
    journal.append(files.keep(image.thumbnail(png), image.thumbnailPath()));
  }

  /**
   * Logs a model that the run made; in a continued run, unless it was logged before. Its files are
   * kept like those given to {@link #artifact}, and stay in the spool for further servers.
   *
   * @throws IOException if a file cannot be read
   */
  public void model(ModelOutput model) throws IOException {
    if (before.models().contains(model.name())) {
      return;
    }
    Map<String, String> params = new LinkedHashMap<>();
    model.params().forEach((key, value) -> params.put(key, shown.apply(value)));
    journal.append(new Entry.Model(model.name(), model.type(), model.step(), params));
    for (Map.Entry<String, Path> file : new TreeMap<>(model.files()).entrySet()) {
      journal.append(files.keep(file.getValue(), model.name(), file.getKey()));
    }
    journal.append(new Entry.ModelReady(model.name(), model.flavor(), model.registration()));
  }

  /** Notes that the run works with a model, which another run made. */
  public void modelInput(ModelRef model) {
    journal.append(new Entry.ModelInput(model));
  }

  /**
   * Logs a value that also measures a model, of this run or of another. If it was the last one
   * logged by {@link #metric}, it stays one point of the run.
   */
  public void modelMetric(ModelRef model, String key, double value, long step) {
    OptionalLong logged = points.time(key, step);
    if (logged.isPresent() || isNew(key, step)) {
      long time = logged.orElseGet(System::currentTimeMillis);
      journal.append(new Entry.ModelMetrics(model, time, step, Map.of(key, value)));
      points.logged(key, step, time);
    }
  }

  /** Whether the run was begun before, by this process or another. */
  public boolean isContinued() {
    return before.start().isPresent();
  }

  /** The highest step logged for a metric before this process continued the run, or -1. */
  public long lastStep(String key) {
    return resumedAt.getOrDefault(key, -1L);
  }

  /**
   * Returns once everything logged so far is safe on disk. Called before a checkpoint is written,
   * it makes sure that no point is missing between what was journalled and where training resumes.
   */
  public void persist() throws IOException {
    journal.persist();
  }

  /** Ends the run. Closing it again does nothing. */
  public void close(RunStatus status) throws IOException {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    onClose.run();
    journal.append(new Entry.End(status));
    journal.close();
    ownership.close();
    if (journal.lost() > 0) {
      LOG.error(
          "{} entries of run {} were lost: the disk took none", journal.lost(), folder.path());
    }
  }

  /**
   * Ends the run as killed while other threads may still log to it; what they log is passed over.
   */
  void kill() throws IOException {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    journal.seal(new Entry.End(RunStatus.KILLED));
  }

  /** Ends the run as failed, with the cause as a tag and in its description. */
  public void fail(String reason) throws IOException {
    tag("failure", reason);
    note("**Failed**\n\n```\n" + reason + "\n```\n\n" + note);
    close(RunStatus.FAILED);
  }

  /** Ends the run as finished unless it was ended before. */
  @Override
  public void close() throws IOException {
    close(RunStatus.FINISHED);
  }

  void leave(JournalFlusher flusher) {
    flusher.remove(journal);
  }

  long lost() {
    return journal.lost();
  }

  private boolean isNew(String key, long step) {
    Long last = resumedAt.get(key);
    return last == null || step > last;
  }

  private <V> void inParts(Map<String, V> values, Function<Map<String, V>, Entry> entry) {
    Map<String, V> part = new LinkedHashMap<>();
    for (Map.Entry<String, V> value : values.entrySet()) {
      part.put(value.getKey(), value.getValue());
      if (part.size() == KEYS_PER_ENTRY) {
        journal.append(entry.apply(part));
        part.clear();
      }
    }
    if (!part.isEmpty()) {
      journal.append(entry.apply(part));
    }
  }

  private static String join(String folder, String name) {
    String trimmed = folder.replaceAll("^/+|/+$", "");
    return trimmed.isEmpty() ? name : trimmed + "/" + name;
  }
}
