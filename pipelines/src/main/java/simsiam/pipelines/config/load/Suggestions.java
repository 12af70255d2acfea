package simsiam.pipelines.config.load;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.ToIntFunction;

/** What the user may have meant by a name that does not exist. */
public final class Suggestions {
  private static final int NOT_NEAR = Integer.MAX_VALUE;

  /** Longer names are near none; the distance costs the square of the length. */
  private static final int MAX_LENGTH = 100;

  private Suggestions() {}

  /** {@code "; did you mean a or b?"}, or empty if no known name is near. */
  public static String didYouMean(String unknown, Collection<String> known) {
    if (unknown.length() > MAX_LENGTH) {
      return "";
    }
    List<String> nearest = nearest(known, candidate -> score(unknown, candidate));
    return nearest.isEmpty() ? "" : "; did you mean " + String.join(" or ", nearest) + "?";
  }

  private static List<String> nearest(Collection<String> known, ToIntFunction<String> score) {
    int best = known.stream().mapToInt(score).min().orElse(NOT_NEAR);
    return best == NOT_NEAR
        ? List.of()
        : known.stream().filter(name -> score.applyAsInt(name) == best).limit(3).toList();
  }

  /** Edit distance, or less for a name that has the unknown one as its last part. */
  private static int score(String unknown, String candidate) {
    String section = unknown.substring(0, unknown.lastIndexOf('.') + 1);
    String last = unknown.substring(section.length());
    String candidateLast = candidate.substring(candidate.lastIndexOf('.') + 1);
    int distance = distance(unknown, candidate);
    int best = distance <= Math.max(2, last.length() / 3) ? 2 * distance : NOT_NEAR;
    boolean sameSection = candidate.equals(section + candidateLast);
    if (sameSection && Arrays.asList(candidateLast.split("_", -1)).contains(last)) {
      best = Math.min(best, 2);
    }
    return candidateLast.equals(last) ? Math.min(best, 3) : best;
  }

  /** Insertions, deletions, substitutions and swaps of neighbours from one name to the other. */
  static int distance(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        cost[i][j] = i == 0 || j == 0 ? i + j : step(a, b, cost, i, j);
      }
    }
    return cost[a.length()][b.length()];
  }

  private static int step(String a, String b, int[][] cost, int i, int j) {
    int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
    int best = Math.min(cost[i - 1][j], cost[i][j - 1]) + 1;
    best = Math.min(best, cost[i - 1][j - 1] + change);
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
  }
}
