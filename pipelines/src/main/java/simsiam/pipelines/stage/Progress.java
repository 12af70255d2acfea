package simsiam.pipelines.stage;

/** The advance of one piece of work, as shown to the user. Thread-safe. */
public interface Progress extends AutoCloseable {
  /** Reports the units done so far, from the start of the work. */
  default void update(long done) {
    update(done, "");
  }

  /**
   * Reports the units done so far.
   *
   * @param note a few words beside the bar: {@code "loss -0.81, std 0.99"}
   */
  void update(long done, String note);

  @Override
  void close();
}
