package simsiam.eval;

/**
 * A classifier's answer for one image.
 *
 * @param truth the image's class
 * @param predicted the class with the highest score
 * @param top5 whether the true class is among the five with the highest scores
 */
public record Verdict(int truth, int predicted, boolean top5) {
  private static final int GUESSES = 5;

  /**
   * Ranks the classes by score; of equal scores the lower class index comes first. A class scored
   * {@link Double#NEGATIVE_INFINITY} is no guess at all: it is never among the five.
   *
   * @param scores one for each class
   */
  public static Verdict of(int truth, double[] scores) {
    int predicted = 0;
    int ahead = 0;
    for (int c = 0; c < scores.length; c++) {
      if (scores[c] > scores[predicted]) {
        predicted = c;
      }
      if (scores[c] > scores[truth] || (scores[c] == scores[truth] && c < truth)) {
        ahead++;
      }
    }
    boolean guessed = scores[truth] != Double.NEGATIVE_INFINITY;
    return new Verdict(truth, predicted, guessed && ahead < GUESSES);
  }
}
