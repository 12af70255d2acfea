package simsiam.model.engine.torch;

import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;

/** Bounds within which native objects live and operations are recorded for differentiation. */
@SuppressWarnings("try") // these resources work by being open
final class NativeScope {
  private NativeScope() {}

  /**
   * Runs work and then frees every native object that it made on this thread, rather than leave
   * them to the garbage collector, which does not see their size. A native result is kept alive by
   * {@code retainReference()} inside the work.
   */
  static <T> T freeing(Supplier<T> work) {
    try (PointerScope scope = new PointerScope()) {
      return work.get();
    }
  }

  /** Runs work with the recording of operations for autograd switched on or off. */
  static <T> T recording(boolean on, Supplier<T> work) {
    try (AutoGradMode mode = new AutoGradMode(on)) {
      return work.get();
    }
  }

  /** {@link #freeing} without recording. */
  static void evaluating(Runnable work) {
    freeing(
        () ->
            recording(
                false,
                () -> {
                  work.run();
                  return null;
                }));
  }
}
