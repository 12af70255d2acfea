package simsiam.eval.knn;

/**
 * The nearest images of a bank to one query, nearest first; of equals the lower index first.
 *
 * @param indices {@code [K]}, positions in the bank
 * @param similarities {@code [K]}, as the metric has them
 */
@SuppressWarnings("ArrayRecordComponent") // one a query in the inner loop: carried, not compared
public record Neighbours(int[] indices, double[] similarities) {}
