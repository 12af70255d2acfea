package simsiam.model.image;

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
  /** More pixels than the limit, according to the header. */
  TOO_LARGE,
  /** The decoder came to no end. */
  TIMED_OUT
}
