package simsiam.pipelines.shard.keys;

/** Names of the splits in files and manifest. */
public final class Splits {
  public static final String TRAIN = "train";
  public static final String TEST = "test";

  private Splits() {}

  public static String name(boolean test) {
    return test ? TEST : TRAIN;
  }
}
