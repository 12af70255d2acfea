package simsiam.pipelines.config;

import simsiam.model.config.Checks;
import simsiam.model.config.Execution;

/**
 * Sharding of preprocessed examples.
 *
 * @param shards files a split; 0: as many as keep a shard near 64 MB
 * @param rowGroupMb size of a Parquet row group, in MB
 * @param validationFraction share of the images that become the test split, by a hash of their id,
 *     where the source has no split of its own
 * @param salt seed of the hash that orders and splits examples
 * @param maxLabelConflictFraction share of the images that may be there under two classes before
 *     the stage fails; it changes no shard
 */
public record ShardSpec(
    int shards,
    int rowGroupMb,
    Compression compression,
    double validationFraction,
    String salt,
    @Execution double maxLabelConflictFraction) {
  public ShardSpec {
    new Checks()
        .atLeast("shards", shards, 0)
        .between("row_group_mb", rowGroupMb, 1, 256)
        .between("validation_fraction", validationFraction, 0, 0.9)
        .between("max_label_conflict_fraction", maxLabelConflictFraction, 0, 1)
        .done();
  }

  /** Parquet's codec for the pages of a shard. */
  public enum Compression {
    NONE,
    SNAPPY,
    ZSTD
  }
}
