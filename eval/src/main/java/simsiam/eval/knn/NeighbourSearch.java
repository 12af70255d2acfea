package simsiam.eval.knn;

import java.util.stream.IntStream;
import simsiam.eval.features.FeatureSet;
import simsiam.model.engine.LinearAlgebra;

/**
 * Exact nearest neighbours by cosine similarity. Similarities are formed block by block as a matrix
 * product, so memory beyond the features is that of one block (8 MiB) whatever their number.
 */
public final class NeighbourSearch {
  private static final int QUERY_BLOCK = 256;
  private static final int BANK_BLOCK = 8192;

  /** Below this a feature counts as zero: its similarity to everything is 0. */
  private static final double LEAST_NORM = 1e-12;

  private final LinearAlgebra algebra;
  private final FeatureSet bank;
  private final float[] bankScale;

  public NeighbourSearch(LinearAlgebra algebra, FeatureSet bank) {
    this.algebra = algebra;
    this.bank = bank;
    this.bankScale = inverseNorms(bank);
  }

  /** Receives the neighbours of each query once; called from several threads at a time. */
  @FunctionalInterface
  public interface Visitor {
    void visit(int query, Neighbours neighbours);
  }

  /** The k images of the bank nearest to each query. */
  public void forEach(FeatureSet queries, int k, Visitor visitor) {
    if (k < 1 || k > bank.size()) {
      throw new IllegalArgumentException(
          "Cannot search neighbours: expected k from 1 to %s, the images in the bank, got %s"
              .formatted(bank.size(), k));
    }
    bank.requireComparable(queries);
    float[] queryScale = inverseNorms(queries);
    float[] block =
        new float[Math.min(QUERY_BLOCK, queries.size()) * Math.min(BANK_BLOCK, bank.size())];
    for (int from = 0; from < queries.size(); from += QUERY_BLOCK) {
      int first = from;
      int count = Math.min(QUERY_BLOCK, queries.size() - from);
      TopK[] best = nearest(queries, from, count, k, block);
      IntStream.range(0, count)
          .parallel()
          .forEach(i -> visitor.visit(first + i, best[i].drain(queryScale[first + i])));
    }
  }

  /** The k images of the bank nearest to each query, by query. */
  public Neighbours[] find(FeatureSet queries, int k) {
    Neighbours[] result = new Neighbours[queries.size()];
    forEach(queries, k, (query, neighbours) -> result[query] = neighbours);
    return result;
  }

  private TopK[] nearest(FeatureSet queries, int from, int count, int k, float[] block) {
    TopK[] best = new TopK[count];
    for (int i = 0; i < count; i++) {
      best[i] = new TopK(k);
    }
    int dim = bank.dim();
    for (int start = 0; start < bank.size(); start += BANK_BLOCK) {
      int bankAt = start;
      int width = Math.min(BANK_BLOCK, bank.size() - start);
      algebra.gemm(
          false,
          true,
          count,
          width,
          dim,
          queries.features(),
          from * dim,
          bank.features(),
          start * dim,
          block);
      IntStream.range(0, count)
          .parallel()
          .forEach(i -> best[i].offer(block, i * width, bankScale, bankAt, width));
    }
    return best;
  }

  private static float[] inverseNorms(FeatureSet set) {
    float[] scale = new float[set.size()];
    for (int i = 0; i < scale.length; i++) {
      double sum = 0;
      for (int j = i * set.dim(); j < (i + 1) * set.dim(); j++) {
        sum += (double) set.features()[j] * set.features()[j];
      }
      scale[i] = sum < LEAST_NORM * LEAST_NORM ? 0 : (float) (1 / Math.sqrt(sum));
    }
    return scale;
  }
}
