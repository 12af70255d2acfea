package simsiam.pipelines.sweep.grid;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import simsiam.pipelines.config.load.Assignment;
import simsiam.pipelines.config.load.Raw;

/**
 * Values in terms of the base's own: {@code base}, {@code base*2}, {@code base/4}.
 *
 * @param base values by dotted key
 */
record RelativeValues(Map<String, Object> base) {
  private static final Pattern RELATIVE = Pattern.compile("base(?:([*/])(\\d+(?:\\.\\d+)?))?");

  /** A value that cannot be had on this base. */
  static final class UnattainableException extends Exception {
    private static final long serialVersionUID = 1L;

    UnattainableException(String message) {
      super(message);
    }
  }

  /** The assignment with the number that its value stands for; any other as it is. */
  Assignment resolved(Assignment assignment) throws UnattainableException {
    Matcher relative = RELATIVE.matcher(assignment.value().text());
    if (!relative.matches()
        || !(assignment.value() instanceof Raw.Scalar)
        || !(base.get(assignment.key()) instanceof Number number)) {
      return assignment;
    }
    BigDecimal own = new BigDecimal(number.toString());
    BigDecimal value = own;
    if (relative.group(1) != null) {
      BigDecimal by = new BigDecimal(relative.group(2));
      if (by.signum() == 0) {
        throw unattainable(assignment, own, "no number above 0");
      }
      value =
          relative.group(1).equals("*") ? own.multiply(by) : own.divide(by, MathContext.DECIMAL64);
    }
    String text = Axis.plainDecimal(value);
    if (!(number instanceof BigDecimal) && text.contains(".")) {
      throw unattainable(assignment, own, text + ", no integer");
    }
    Raw raw = new Raw.Scalar(text, false, assignment.value().origin());
    return new Assignment(assignment.key(), assignment.keyOrigin(), raw);
  }

  private static UnattainableException unattainable(
      Assignment assignment, BigDecimal own, String got) {
    return new UnattainableException(
        "Cannot set %s to %s of a base of %s: that is %s (%s)"
            .formatted(
                assignment.key(),
                assignment.value().text(),
                Axis.plainDecimal(own),
                got,
                assignment.value().origin()));
  }
}
