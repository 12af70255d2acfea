package simsiam.pipelines.config;

import simsiam.model.config.Checks;
import simsiam.model.config.Execution;
import simsiam.model.config.Kind;
import simsiam.model.config.Neutral;

/** Where images come from. */
@Kind.Key("source")
public sealed interface DatasetSpec {
  /** The layout of the set. */
  SourceKind source();

  /**
   * Folder, archive or file; empty: the source's usual place. No part of a fingerprint, as the
   * content has its own digest there.
   */
  String path();

  /** Whether the official archive is fetched if {@link #path} does not hold it. */
  boolean download();

  /** First n images of each split; 0: all. */
  int limit();

  /** A set of which nothing more is to be said. */
  static DatasetSpec of(SourceKind source, String path, boolean download, int limit) {
    return switch (source) {
      case HF_PARQUET -> new HubParquet(source, path, download, limit, "");
      case WEBDATASET -> new TarShards(source, path, download, limit, "");
      default -> new Images(source, path, download, limit);
    };
  }

  /** Images in a layout that says all there is to know. */
  record Images(
      SourceKind source,
      @Execution @RelativePath String path,
      @Execution boolean download,
      int limit)
      implements DatasetSpec {
    public Images {
      checks(source, path, download, limit).done();
    }
  }

  /**
   * Parquet files as on the Hugging Face Hub.
   *
   * @param labelColumn column of class numbers; empty: the one that is called like labels
   */
  @Kind("hf_parquet")
  record HubParquet(
      SourceKind source,
      @Execution @RelativePath String path,
      @Execution boolean download,
      int limit,
      @Neutral("") String labelColumn)
      implements DatasetSpec {
    public HubParquet {
      checks(source, path, download, limit).done();
    }
  }

  /**
   * Tar archives as WebDataset has them.
   *
   * @param labelKey key of {@code .json} that has the label; empty: {@code .cls} is the label
   */
  @Kind("webdataset")
  record TarShards(
      SourceKind source,
      @Execution @RelativePath String path,
      @Execution boolean download,
      int limit,
      @Neutral("") String labelKey)
      implements DatasetSpec {
    public TarShards {
      checks(source, path, download, limit).done();
    }
  }

  private static Checks checks(SourceKind source, String path, boolean download, int limit) {
    boolean own = !source.published();
    return new Checks()
        .atLeast("limit", limit, 0)
        .require("path", path, !own || !path.isBlank(), "a folder or file of images")
        .require("download", download, !own || !download, "false, as it has no public address");
  }
}
