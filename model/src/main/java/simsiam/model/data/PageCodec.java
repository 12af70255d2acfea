package simsiam.model.data;

import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/** Compression of a file's pages. Encoded images gain nothing from it; raw pixels a little. */
public enum PageCodec {
  NONE(CompressionCodecName.UNCOMPRESSED),
  SNAPPY(CompressionCodecName.SNAPPY),
  ZSTD(CompressionCodecName.ZSTD);

  private final CompressionCodecName parquetName;

  PageCodec(CompressionCodecName parquetName) {
    this.parquetName = parquetName;
  }

  CompressionCodecName parquetName() {
    return parquetName;
  }
}
