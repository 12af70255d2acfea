package simsiam.pipelines.stage;

import org.slf4j.Marker;
import org.slf4j.MarkerFactory;

/** What a run shows to the user as it goes. */
public interface Console {
  /** Marks log events that the user reads in other words: they stay out of the console's log. */
  Marker TOLD = MarkerFactory.getMarker("TOLD");

  /** A stage begins to work. */
  void started(String stage, String reason);

  /**
   * A stage is done with.
   *
   * @param state {@code cached}, {@code ran}, {@code failed}
   * @param headline of its result; empty: none
   */
  void ended(String stage, String state, double seconds, String headline);

  /** One line that the user should see. */
  void note(String line);

  /** See {@link StageContext#progress}. */
  Progress progress(String stage, String unit, long total);

  /** Shows nothing. */
  Console SILENT =
      new Console() {
        @Override
        public void started(String stage, String reason) {}

        @Override
        public void ended(String stage, String state, double seconds, String headline) {}

        @Override
        public void note(String line) {}

        @Override
        public Progress progress(String stage, String unit, long total) {
          return new Progress() {
            @Override
            public void update(long done, String note) {}

            @Override
            public void close() {}
          };
        }
      };
}
