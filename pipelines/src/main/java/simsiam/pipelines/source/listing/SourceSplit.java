package simsiam.pipelines.source.listing;

/** The split that a source puts an image in. */
public enum SourceSplit {
  TRAIN,
  TEST,
  /** The source has no splits of its own: sharding decides by a hash of the id. */
  UNSPLIT
}
