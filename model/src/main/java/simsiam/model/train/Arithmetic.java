package simsiam.model.train;

import java.util.Locale;
import simsiam.model.engine.Engine;
import simsiam.model.engine.Precision;

/**
 * What rounds the steps of a training: on another engine, build, instruction set, precision or
 * number of threads the same steps end in other bits.
 *
 * @param fromStep the first step that was taken on it, less one
 * @param engine by its name
 * @param threads that work on a step
 * @param library the engine's library, version, device and instructions, in words
 */
public record Arithmetic(
    long fromStep, String engine, Precision precision, int threads, String library) {

  static Arithmetic of(Engine engine, Precision precision, long fromStep) {
    return new Arithmetic(fromStep, engine.name(), precision, engine.threads(), engine.describe());
  }

  /** Whether steps have the same bits on both. */
  boolean exactAs(Arithmetic other) {
    return engine.equals(other.engine)
        && precision == other.precision
        && threads == other.threads
        && describe().equals(other.describe());
  }

  /** {@code ND4J 1.0.0-M2.1, oneDNN 3.11.0 (avx2), CPU, 2 threads, fp32}. */
  public String describe() {
    String lower = precision.name().toLowerCase(Locale.ROOT);
    return library.contains(lower) ? library : library + ", " + lower;
  }
}
