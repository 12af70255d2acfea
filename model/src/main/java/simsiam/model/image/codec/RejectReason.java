package simsiam.model.image.codec;

/** Why a file did not become an image. */
public enum RejectReason {
  /** No bytes at all. */
  EMPTY,
  /** The file ends before its image does. */
  TRUNCATED,
  /** The file contradicts its format: bad checksum, bad code, missing part. */
  CORRUPT,
  /** Not an image, or a format or variant that is not read. */
  UNSUPPORTED_FORMAT,
  /** More pixels or bytes than the limit, or a longer side than its encoding can store. */
  TOO_LARGE,
  /** One side many times the other. */
  TOO_NARROW,
  /** The decoder came to no end. */
  TIMED_OUT
}
