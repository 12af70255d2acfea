package simsiam.eval.knn;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import simsiam.eval.features.FeatureSet;

/** kNN straight from its definition, in double precision: the oracle. */
final class NaiveKnn {
  private final FeatureSet bank;
  private final FeatureSet queries;

  NaiveKnn(FeatureSet bank, FeatureSet queries) {
    this.bank = bank;
    this.queries = queries;
  }

  double cosine(int query, int row) {
    int d = bank.dim();
    double dot = 0;
    double qq = 0;
    double bb = 0;
    for (int j = 0; j < d; j++) {
      double q = queries.features().holding(query)[queries.features().offset(query) + j];
      double b = bank.features().holding(row)[bank.features().offset(row) + j];
      dot += q * b;
      qq += q * q;
      bb += b * b;
    }
    return qq == 0 || bb == 0 ? 0 : dot / Math.sqrt(qq * bb);
  }

  int[] nearest(int query, int k) {
    double[] cosines = IntStream.range(0, bank.size()).mapToDouble(b -> cosine(query, b)).toArray();
    Integer[] order = IntStream.range(0, bank.size()).boxed().toArray(Integer[]::new);
    Arrays.sort(order, Comparator.comparingDouble((Integer i) -> -cosines[i]));
    return Arrays.stream(order).limit(k).mapToInt(Integer::intValue).toArray();
  }

  /** The classes with votes, most votes first. */
  int[] ranking(int query, int k, double temperature) {
    double[] votes = new double[bank.classNames().size()];
    boolean[] voted = new boolean[votes.length];
    for (int b : nearest(query, k)) {
      votes[bank.labels()[b]] += Math.exp(cosine(query, b) / temperature);
      voted[bank.labels()[b]] = true;
    }
    return IntStream.range(0, votes.length)
        .filter(c -> voted[c])
        .boxed()
        .sorted(Comparator.comparingDouble((Integer c) -> -votes[c]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  double topPercent(int guesses, int k, double temperature) {
    int hits = 0;
    for (int q = 0; q < queries.size(); q++) {
      int truth = queries.labels()[q];
      hits +=
          (int)
              Arrays.stream(ranking(q, k, temperature))
                  .limit(guesses)
                  .filter(c -> c == truth)
                  .count();
    }
    return 100.0 * hits / queries.size();
  }
}
