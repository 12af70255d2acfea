package simsiam.model.data;

/**
 * How the {@code image} bytes of an example are stored; named by footer key {@code image.encoding}.
 */
public enum ImageEncoding {
  /** RGB uint8, row-major HWC. */
  RAW,
  JPEG,
  PNG,
  /** The bytes of the source file as they came. */
  ORIGINAL
}
