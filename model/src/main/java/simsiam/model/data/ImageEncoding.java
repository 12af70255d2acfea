package simsiam.model.data;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * How the {@code image} bytes of an example are stored; named by footer key {@code image.encoding}.
 */
public enum ImageEncoding {
  /** RGB uint8, row-major HWC; in a shard with a line before it that makes it a pixmap (PPM). */
  @JsonProperty("raw")
  RAW,
  @JsonProperty("jpeg")
  JPEG,
  @JsonProperty("png")
  PNG,
  /** The bytes of the source file as they came. */
  @JsonProperty("original")
  ORIGINAL
}
