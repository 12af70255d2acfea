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

  /**
   * Whether an image may show several classes, or none: it can be trained on as any other, and of
   * the evaluations only SVMs understand it.
   */
  default boolean multiLabel() {
    return source() == SourceKind.PASCAL_VOC;
  }

  /** A set of which nothing more is to be said. */
  static DatasetSpec of(SourceKind source, String path, boolean download, int limit) {
    return switch (source) {
      case HF_PARQUET -> new HubParquet(source, path, download, limit, "");
      case IMAGE_LIST -> new ListedImages(source, path, download, limit, "");
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
   * Images that a file names.
   *
   * @param labelSeparator what stands between the classes of an image in column {@code labels};
   *     empty: each has one class, in column {@code label}
   */
  @Kind("image_list")
  record ListedImages(
      SourceKind source,
      @Execution @RelativePath String path,
      @Execution boolean download,
      int limit,
      @Neutral("") String labelSeparator)
      implements DatasetSpec {
    /** Longer ones are some mistake. */
    private static final int LONGEST_SEPARATOR = 8;

    public ListedImages {
      checks(source, path, download, limit)
          .require(
              "label_separator",
              labelSeparator,
              labelSeparator.length() <= LONGEST_SEPARATOR
                  && !labelSeparator.contains("\n")
                  && !labelSeparator.contains("\r"),
              "a few characters of one line, such as \"|\"")
          .done();
    }

    @Override
    public boolean multiLabel() {
      return !labelSeparator.isEmpty();
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
