package simsiam.eval.knn;

import java.util.Comparator;
import java.util.Optional;
import java.util.stream.IntStream;
import simsiam.eval.features.FeatureMatrix;
import simsiam.eval.features.FeatureSet;
import simsiam.eval.features.HeldOut;
import simsiam.model.engine.LinearAlgebra;

/**
 * Exact nearest neighbours. Products of float32 find somewhat more candidates than are asked for,
 * whose similarities are then formed in double precision: the neighbours are the same on every
 * engine, unless more images than the margin lie nearer to the last of them than float32 tells
 * apart. Memory beyond the features is bounded, whatever the size of bank and queries: 64 MiB of
 * queries, as much of candidates, 32 MiB of products. Queries stay where products are formed, and
 * the bank goes there once for all that fit: 32,768 of 512 channels with k = 200.
 */
public final class NeighbourSearch {
  /** Values of the queries that are searched for together. */
  private static final int QUERY_VALUES = 1 << 24;

  /** Candidates of all of them. */
  private static final int CANDIDATES = 1 << 23;

  /** Products that are formed at once, of all of them with some of the bank. */
  private static final int PRODUCTS = 1 << 23;

  /** Candidates beyond k. */
  private static final int MARGIN = 32;

  /** Below this a feature counts as zero: its cosine with everything is 0. */
  private static final double LEAST_NORM = 1e-12;

  private final LinearAlgebra algebra;
  private final FeatureSet bank;
  private final Metric metric;
  private final int available;

  /** What a product is multiplied by and what is added, to compare candidates by. */
  private final float[] scale;

  private final float[] shift;

  /** Squared norms. */
  private final double[] squares;

  /** Mean squared distance between two images of the bank. */
  private final double spread;

  /** Neighbours by cosine. */
  public NeighbourSearch(LinearAlgebra algebra, FeatureSet bank) {
    this(algebra, bank, Metric.COSINE, Optional.empty());
  }

  /**
   * Neighbours by a metric.
   *
   * @param without images that are in the set but not in the bank
   */
  public NeighbourSearch(
      LinearAlgebra algebra, FeatureSet bank, Metric metric, Optional<HeldOut> without) {
    this.algebra = algebra;
    this.bank = bank;
    this.metric = metric;
    this.available = bank.size() - without.map(HeldOut::count).orElse(0);
    this.squares = new double[bank.size()];
    this.scale = new float[bank.size()];
    this.shift = new float[bank.size()];
    this.spread = metric == Metric.EUCLIDEAN ? spread(bank) : 1;
    for (int i = 0; i < bank.size(); i++) {
      squares[i] = dot(bank.features(), i, bank.features(), i);
      boolean zero = squares[i] < LEAST_NORM * LEAST_NORM;
      switch (metric) {
        case COSINE -> scale[i] = zero ? 0 : (float) (1 / Math.sqrt(squares[i]));
        case EUCLIDEAN -> {
          scale[i] = 2;
          shift[i] = (float) -squares[i];
        }
      }
      if (without.isPresent() && without.get().has(i)) {
        scale[i] = 0;
        shift[i] = Float.NEGATIVE_INFINITY;
      }
    }
  }

  /** Receives the neighbours of each query once; called from several threads at a time. */
  @FunctionalInterface
  public interface Visitor {
    void visit(int query, Neighbours neighbours);
  }

  /** The k images of the bank nearest to each query. */
  public void forEach(FeatureSet queries, int k, Visitor visitor) {
    forEach(queries, IntStream.range(0, queries.size()).toArray(), k, visitor);
  }

  /**
   * The k images of the bank nearest to some queries.
   *
   * @param chosen their positions in the set, by which the visitor is told of them
   */
  public void forEach(FeatureSet queries, int[] chosen, int k, Visitor visitor) {
    if (k < 1 || k > available) {
      throw new IllegalArgumentException(
          "Cannot search neighbours: expected k from 1 to %s, the images in the bank, got %s"
              .formatted(available, k));
    }
    bank.requireComparable(queries);
    int candidates = Math.min(available, k + MARGIN);
    int together = Math.min(QUERY_VALUES / bank.dim(), CANDIDATES / candidates);
    together = Math.max(1, Math.min(together, chosen.length));
    for (int from = 0; from < chosen.length; from += together) {
      int first = from;
      int count = Math.min(together, chosen.length - from);
      TopK[] found = candidates(queries, chosen, from, count, candidates);
      IntStream.range(0, count)
          .parallel()
          .forEach(
              i -> {
                int query = chosen[first + i];
                visitor.visit(query, nearest(queries, query, found[i].indices(), k));
              });
    }
  }

  /** The k images of the bank nearest to each query, by query. */
  public Neighbours[] find(FeatureSet queries, int k) {
    Neighbours[] result = new Neighbours[queries.size()];
    forEach(queries, k, (query, neighbours) -> result[query] = neighbours);
    return result;
  }

  private TopK[] candidates(FeatureSet queries, int[] chosen, int from, int count, int k) {
    TopK[] best = new TopK[count];
    float[] rows = new float[Math.multiplyExact(count, bank.dim())];
    for (int i = 0; i < count; i++) {
      best[i] = new TopK(k);
      queries.features().get(chosen[from + i], rows, i * bank.dim());
    }
    FeatureMatrix features = bank.features();
    int most = Math.min(FeatureMatrix.BLOCK_ROWS, Math.min(bank.size(), PRODUCTS / count));
    float[] products = new float[Math.multiplyExact(count, most)];
    try (LinearAlgebra.HeldRows held = algebra.hold(count, bank.dim(), rows)) {
      for (int block = 0; block < features.blocks(); block++) {
        for (int row = 0; row < features.blockRows(block); row += most) {
          int first = block * FeatureMatrix.BLOCK_ROWS + row;
          int width = Math.min(most, features.blockRows(block) - row);
          held.times(width, features.block(block), row * bank.dim(), products);
          IntStream.range(0, count)
              .parallel()
              .forEach(i -> best[i].offer(products, i * width, scale, shift, first, width));
        }
      }
    }
    return best;
  }

  /** Of the candidates the k nearest in double precision. */
  private Neighbours nearest(FeatureSet queries, int query, int[] candidates, int k) {
    double square = dot(queries.features(), query, queries.features(), query);
    record Candidate(int index, double similarity) {}
    Candidate[] sorted =
        IntStream.of(candidates)
            .mapToObj(index -> new Candidate(index, similarity(queries, query, square, index)))
            .sorted(
                Comparator.comparingDouble((Candidate c) -> -c.similarity())
                    .thenComparingInt(Candidate::index))
            .limit(k)
            .toArray(Candidate[]::new);
    int[] indices = new int[k];
    double[] similarities = new double[k];
    for (int i = 0; i < k; i++) {
      indices[i] = sorted[i].index();
      similarities[i] = sorted[i].similarity();
    }
    return new Neighbours(indices, similarities);
  }

  private double similarity(FeatureSet queries, int query, double square, int index) {
    if (metric == Metric.EUCLIDEAN) {
      return spread > 0 ? -distance(queries.features(), query, bank.features(), index) / spread : 0;
    }
    double least = LEAST_NORM * LEAST_NORM;
    return square < least || squares[index] < least
        ? 0
        : dot(queries.features(), query, bank.features(), index)
            / Math.sqrt(square * squares[index]);
  }

  private static double dot(FeatureMatrix a, int i, FeatureMatrix b, int j) {
    float[] left = a.holding(i);
    float[] right = b.holding(j);
    int leftAt = a.offset(i);
    int rightAt = b.offset(j);
    double sum = 0;
    for (int d = 0; d < a.dim(); d++) {
      sum += (double) left[leftAt + d] * right[rightAt + d];
    }
    return sum;
  }

  private static double distance(FeatureMatrix a, int i, FeatureMatrix b, int j) {
    float[] left = a.holding(i);
    float[] right = b.holding(j);
    int leftAt = a.offset(i);
    int rightAt = b.offset(j);
    double sum = 0;
    for (int d = 0; d < a.dim(); d++) {
      double difference = (double) left[leftAt + d] - right[rightAt + d];
      sum += difference * difference;
    }
    return sum;
  }

  /** Twice the variance summed over channels. */
  private static double spread(FeatureSet set) {
    double[] first = new double[set.dim()];
    double[] sum = new double[set.dim()];
    double[] squares = new double[set.dim()];
    set.forEach(
        (index, label, values, offset) -> {
          for (int d = 0; d < first.length; d++) {
            first[d] = index == 0 ? values[offset + d] : first[d];
            double shifted = values[offset + d] - first[d];
            sum[d] += shifted;
            squares[d] += shifted * shifted;
          }
        });
    double spread = 0;
    for (int d = 0; d < first.length; d++) {
      double mean = sum[d] / set.size();
      spread += 2 * (squares[d] / set.size() - mean * mean);
    }
    return Math.max(0, spread);
  }
}
