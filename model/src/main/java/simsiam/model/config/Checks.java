package simsiam.model.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Collects the violations of a configuration record, so that its constructor reports all of them
 * together.
 *
 * <pre>{@code
 * new Checks().atLeast("k", k, 1).positive("temperature", temperature).done();
 * }</pre>
 */
public final class Checks {
  private final List<Violation> violations = new ArrayList<>();

  public Checks require(String key, Object value, boolean holds, String expected) {
    if (!holds) {
      violations.add(new Violation(key, String.valueOf(value), expected));
    }
    return this;
  }

  public Checks atLeast(String key, long value, long least) {
    return require(key, value, value >= least, "at least " + least);
  }

  public Checks atMost(String key, long value, long most) {
    return require(key, value, value <= most, "at most " + most);
  }

  public Checks atMost(String key, double value, double most) {
    return require(key, value, !(value > most), "a number of at most " + most);
  }

  public Checks positive(String key, double value) {
    return require(key, value, value > 0 && Double.isFinite(value), "a number above 0");
  }

  public Checks notNegative(String key, double value) {
    return require(key, value, value >= 0 && Double.isFinite(value), "a number of at least 0");
  }

  public Checks between(String key, double value, double least, double most) {
    return require(
        key, value, value >= least && value <= most, "a number from " + least + " to " + most);
  }

  public Checks size(String key, Collection<?> values, int size) {
    return require(key, values, values.size() == size, size + " values");
  }

  /** An interval {@code [low, high]} with {@code 0 < low <= high}. */
  public Checks interval(String key, List<Double> values) {
    boolean ok = values.size() == 2 && values.get(0) > 0 && values.get(0) <= values.get(1);
    return require(key, values, ok, "two numbers [low, high] with 0 < low <= high");
  }

  /** Adds what was found elsewhere. */
  public Checks all(Collection<Violation> found) {
    violations.addAll(found);
    return this;
  }

  /** What was found, for the checks of what holds these values. */
  public List<Violation> violations() {
    return List.copyOf(violations);
  }

  /** Throws if any rule was broken. */
  public void done() {
    if (!violations.isEmpty()) {
      throw new InvalidConfigException(violations);
    }
  }
}
