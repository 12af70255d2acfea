package simsiam.pipelines.source.listing;

import java.util.List;
import simsiam.model.config.InvalidConfigException;
import simsiam.model.config.Violation;

/** Makes the error for a source that is not what the configuration says it is. */
public final class SourceProblem {
  private static final String KEY = "dataset.path";

  private SourceProblem() {}

  public static InvalidConfigException of(String expected, Object got) {
    return new InvalidConfigException(List.of(new Violation(KEY, got.toString(), expected)));
  }
}
