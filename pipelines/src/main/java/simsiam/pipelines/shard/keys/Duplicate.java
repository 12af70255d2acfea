package simsiam.pipelines.shard.keys;

/**
 * An example left out because another has the same pixels: one line of {@code duplicates.jsonl}.
 * Ordered by the id of the one left out.
 */
public record Duplicate(Copy dropped, Copy kept) implements Comparable<Duplicate> {
  /** One of the two. */
  public record Copy(String id, String split, int label) {
    public static Copy of(KeyRow row) {
      return new Copy(row.key().id(), Splits.name(row.test()), row.key().label());
    }
  }

  public boolean acrossSplits() {
    return !dropped.split().equals(kept.split());
  }

  @Override
  public int compareTo(Duplicate other) {
    return dropped.id().compareTo(other.dropped.id());
  }
}
