package simsiam.model.data.table;

import com.github.luben.zstd.util.ZstdVersion;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.xerial.snappy.Snappy;

/** Compression of a file's pages. Encoded images gain nothing from it; raw pixels a little. */
public enum PageCodec {
  NONE(CompressionCodecName.UNCOMPRESSED),
  SNAPPY(CompressionCodecName.SNAPPY),
  ZSTD(CompressionCodecName.ZSTD);

  private final CompressionCodecName parquetName;

  PageCodec(CompressionCodecName parquetName) {
    this.parquetName = parquetName;
  }

  /**
   * Name and version of what compresses here; another one may write other bytes. Empty where there
   * is none.
   */
  public String compressor() {
    return switch (this) {
      case NONE -> "";
      case SNAPPY -> "snappy " + Snappy.getNativeLibraryVersion();
      case ZSTD -> "zstd-jni " + ZstdVersion.VERSION;
    };
  }

  CompressionCodecName parquetName() {
    return parquetName;
  }
}
