package simsiam.mlflow;

/**
 * A data set used by a run, as shown in MLflow's Dataset column.
 *
 * @param name at most 500 characters
 * @param digest at most 36 characters: the server refuses more, so a SHA-256 in hex is cut to its
 *     first 32
 * @param sourceType where it comes from, e.g. {@code local}
 * @param source JSON or path that locates it, at most 64 KB
 * @param schemaJson JSON text describing the columns, or empty
 * @param profileJson JSON text with counts and statistics, or empty
 * @param context what it is used for: {@code train}, {@code eval}, ...
 */
public record DatasetInput(
    String name,
    String digest,
    String sourceType,
    String source,
    String schemaJson,
    String profileJson,
    String context) {
  private static final int MAX_DIGEST = 36;
  private static final int CUT_DIGEST = 32;

  public DatasetInput {
    digest = digest.length() > MAX_DIGEST ? digest.substring(0, CUT_DIGEST) : digest;
  }
}
