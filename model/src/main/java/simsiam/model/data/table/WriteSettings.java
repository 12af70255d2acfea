package simsiam.model.data.table;

/**
 * How a Parquet file is laid out.
 *
 * @param rowGroupBytes size at which a row group is closed
 */
public record WriteSettings(long rowGroupBytes, PageCodec codec) {
  /** 8 MB row groups, no compression: for files that are read once. */
  public static final WriteSettings PLAIN = new WriteSettings(8L << 20, PageCodec.NONE);

  public WriteSettings {
    if (rowGroupBytes < 1) {
      throw new IllegalArgumentException(
          "Cannot write Parquet: expected a row group of at least 1 byte, got " + rowGroupBytes);
    }
  }
}
