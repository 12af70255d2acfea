package simsiam.pipelines.sweep;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The experiment tracker's view of a sweep: a run for it, for each point and for each group. */
public interface SweepTracking extends AutoCloseable {
  /**
   * The system property of a child that only journals, as on a machine from which the server need
   * not be seen: what it journals is sent by the process that runs the sweep.
   */
  String JOURNALS = "simsiam.journals";

  /**
   * Tells that children are about to be started.
   *
   * @throws IOException if tracking is required and cannot be had
   */
  void begin() throws IOException;

  /** Options of Java by which the child of a point goes on in the point's run. */
  List<String> options(PlannedPoint point, PointFolder folder) throws IOException;

  /**
   * Tells what has become of points and groups since the last time; nothing where nothing has.
   *
   * @param working ids of the points that have a child at work, which tells of them itself
   */
  void update(SweepResults results, Set<String> working);

  /** Sends what children at work have journalled that send nothing themselves. */
  void follow();

  /**
   * Tells how the sweep ended, sends what is left, within seconds, and lets go of the server.
   *
   * @param interrupted whether the process has been asked to end
   * @return where a person can look at the sweep's run; empty if there is no server
   */
  Optional<String> end(SweepResults results, boolean interrupted);

  /** Lets go of the tracker, as of a sweep that ended before its time unless it was ended. */
  @Override
  void close();

  /** A tracker that is told nothing. */
  SweepTracking NONE =
      new SweepTracking() {
        @Override
        public void begin() {}

        @Override
        public List<String> options(PlannedPoint point, PointFolder folder) {
          return List.of();
        }

        @Override
        public void update(SweepResults results, Set<String> working) {}

        @Override
        public void follow() {}

        @Override
        public Optional<String> end(SweepResults results, boolean interrupted) {
          return Optional.empty();
        }

        @Override
        public void close() {}
      };
}
