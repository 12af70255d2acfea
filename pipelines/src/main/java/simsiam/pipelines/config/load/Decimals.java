package simsiam.pipelines.config.load;

import java.math.BigDecimal;
import java.math.MathContext;

/** Decimal forms of doubles that do not depend on the version of Java. */
public final class Decimals {
  private static final int ENOUGH_DIGITS = 17;

  private Decimals() {}

  /**
   * The decimal of fewest digits that reads back as the same double, without trailing zeros. {@link
   * Double#toString} before Java 19 sometimes wrote a digit more than needed.
   */
  public static BigDecimal shortest(double value) {
    BigDecimal exact = new BigDecimal(value);
    for (int digits = 1; digits < ENOUGH_DIGITS; digits++) {
      BigDecimal rounded = exact.round(new MathContext(digits));
      if (rounded.doubleValue() == value) {
        return plain(rounded);
      }
    }
    return plain(exact.round(new MathContext(ENOUGH_DIGITS)));
  }

  /** 30 rather than 3E+1. */
  private static BigDecimal plain(BigDecimal value) {
    BigDecimal stripped = value.stripTrailingZeros();
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }
}
