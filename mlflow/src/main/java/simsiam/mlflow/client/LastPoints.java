package simsiam.mlflow.client;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import simsiam.mlflow.spool.JournalState;

/** When the last point of each metric was logged. Safe for use by several threads. */
final class LastPoints {
  private final Map<String, Point> points;

  private record Point(long step, long time) {}

  LastPoints(JournalState before) {
    Map<String, Point> known = new HashMap<>();
    Map<String, Long> steps = before.lastSteps();
    before.lastTimes().forEach((key, time) -> known.put(key, new Point(steps.get(key), time)));
    points = new ConcurrentHashMap<>(known);
  }

  void logged(String key, long step, long time) {
    points.put(key, new Point(step, time));
  }

  /** The time of the last point if it is at this step, in ms since the epoch. */
  OptionalLong time(String key, long step) {
    Point last = points.get(key);
    return last != null && last.step() == step
        ? OptionalLong.of(last.time())
        : OptionalLong.empty();
  }
}
