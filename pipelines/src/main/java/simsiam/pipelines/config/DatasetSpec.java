package simsiam.pipelines.config;

import simsiam.model.config.Checks;
import simsiam.model.config.Execution;

/**
 * Where images come from.
 *
 * @param path folder, archive or file; empty: the source's usual place. No part of a fingerprint,
 *     as the content has its own digest there
 * @param download whether the official archive is fetched if {@code path} does not hold it
 * @param limit first n images of each split; 0: all
 */
public record DatasetSpec(
    SourceKind source,
    @Execution @RelativePath String path,
    @Execution boolean download,
    int limit) {
  public DatasetSpec {
    boolean own = !source.published();
    new Checks()
        .atLeast("limit", limit, 0)
        .require("path", path, !own || !path.isBlank(), "a folder or file of images")
        .require("download", download, !own || !download, "false, as it has no public address")
        .done();
  }
}
