package simsiam.mlflow.spool;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a journal says about its run so far: read when a run is continued, so that nothing is logged
 * twice and no curve steps back.
 */
public final class JournalState {
  private static final Pattern IMAGE = Pattern.compile("images/(.+?)\\+step\\+(\\d{1,18})\\+");

  private final Map<String, Long> lastSteps = new HashMap<>();
  private final Map<String, Long> lastTimes = new HashMap<>();
  private final Map<String, String> params = new HashMap<>();
  private final Set<String> models = new HashSet<>();
  private Entry.Start start;
  private boolean ended;
  private long length;
  private long nextSeq;
  private long lastTime;
  private long points;

  private JournalState() {}

  /** Reads a journal whole; of one that does not exist, the empty state. */
  public static JournalState of(Path journal) throws IOException {
    JournalState state = new JournalState();
    List<Located> lines = JournalReader.read(journal, 0);
    while (!lines.isEmpty()) {
      lines.forEach(state::add);
      lines = JournalReader.read(journal, state.length);
    }
    return state;
  }

  private void add(Located located) {
    length = located.end();
    Line line = located.line();
    Entry entry = line.entry();
    nextSeq = Math.max(nextSeq, line.seq() + 1);
    lastTime = Math.max(lastTime, line.time());
    if (entry instanceof Entry.Metrics metrics) {
      metrics.values().keySet().forEach(key -> addPoint(key, metrics.step(), line.time()));
    } else if (entry instanceof Entry.ModelMetrics metrics) {
      metrics.values().keySet().forEach(key -> addPoint(key, metrics.step(), metrics.time()));
    } else if (entry instanceof Entry.ModelReady ready) {
      models.add(ready.name());
    } else if (entry instanceof Entry.Artifact artifact) {
      Matcher image = IMAGE.matcher(artifact.path());
      if (image.lookingAt()) {
        lastSteps.merge(imageKey(image.group(1)), Long.parseLong(image.group(2)), Math::max);
      }
    } else if (entry instanceof Entry.Params values) {
      params.putAll(values.values());
    } else if (entry instanceof Entry.Start first) {
      start = first;
    } else if (entry instanceof Entry.End) {
      ended = true;
    } else if (entry instanceof Entry.Resume) {
      ended = false;
    }
  }

  /** A point that was logged again, as that of a model, is the same point. */
  private void addPoint(String key, long step, long time) {
    if (lastTimes.getOrDefault(key, -1L) == time && lastSteps.get(key) == step) {
      return;
    }
    points++;
    if (step > lastSteps.getOrDefault(key, Long.MIN_VALUE)) {
      lastSteps.put(key, step);
      lastTimes.put(key, time);
    }
  }

  /** The first entry, or empty if the journal has none yet. */
  public Optional<Entry.Start> start() {
    return Optional.ofNullable(start);
  }

  /** Whether the run was closed and not continued since. */
  public boolean ended() {
    return ended;
  }

  /** The name under which {@link #lastSteps} has a picture of the image grid. */
  public static String imageKey(String key) {
    return "image:" + key.replace('/', '.');
  }

  /** The highest step of each metric, and of each picture of the image grid. */
  public Map<String, Long> lastSteps() {
    return Map.copyOf(lastSteps);
  }

  /** When the point at the highest step of each metric was logged, in ms since the epoch. */
  public Map<String, Long> lastTimes() {
    return Map.copyOf(lastTimes);
  }

  /** The parameters logged. */
  public Map<String, String> params() {
    return Map.copyOf(params);
  }

  /** The names of the models logged whole. */
  public Set<String> models() {
    return Set.copyOf(models);
  }

  /** Metric values journalled. */
  public long points() {
    return points;
  }

  /** Bytes up to the end of the last complete line. */
  public long length() {
    return length;
  }

  /** The time of the last entry, in milliseconds since the epoch. */
  public long lastTime() {
    return lastTime;
  }

  long nextSeq() {
    return nextSeq;
  }
}
