package simsiam.pipelines.shard;

/** Names of the splits in files and manifest. */
final class Splits {
  static final String TRAIN = "train";
  static final String TEST = "test";

  private Splits() {}

  static String name(boolean test) {
    return test ? TEST : TRAIN;
  }
}
