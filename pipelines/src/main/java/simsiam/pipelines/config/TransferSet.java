package simsiam.pipelines.config;

import java.util.Locale;
import java.util.Objects;
import simsiam.model.config.Checks;
import simsiam.model.config.Execution;
import simsiam.model.config.Neutral;

/**
 * A data set, other than the one trained on, that the encoder is evaluated on. Its images are
 * prepared as the run's own are.
 *
 * @param name of its row and its measures
 * @param source see {@link DatasetSpec}, as all other keys
 */
public record TransferSet(
    String name,
    SourceKind source,
    @Execution @Neutral("") @RelativePath String path,
    @Execution @Neutral("false") boolean download,
    @Neutral("0") int limit,
    @Neutral("") String labelColumn,
    @Neutral("") String labelSeparator) {
  public TransferSet {
    new Checks()
        .require("name", name, name.matches("[a-z0-9_]{1,40}"), "small letters, digits, '_'")
        .require(
            "label_column",
            labelColumn,
            labelColumn.isEmpty() || source == SourceKind.HF_PARQUET,
            "\"\", as only hf_parquet has columns")
        .require(
            "label_separator",
            labelSeparator,
            labelSeparator.isEmpty() || source == SourceKind.IMAGE_LIST,
            "\"\", as only image_list has lists of classes")
        .require(
            "source",
            source.name().toLowerCase(Locale.ROOT),
            source != SourceKind.UNLABELLED_FOLDER && source != SourceKind.STL10_WITH_UNLABELLED,
            "a set of labelled images")
        .done();
    Objects.requireNonNull(
        dataset(source, path, download, limit, labelColumn, labelSeparator)); // has its own rules
  }

  /** As sources are opened by. */
  public DatasetSpec dataset() {
    return dataset(source, path, download, limit, labelColumn, labelSeparator);
  }

  private static DatasetSpec dataset(
      SourceKind source,
      String path,
      boolean download,
      int limit,
      String labelColumn,
      String labelSeparator) {
    return switch (source) {
      case HF_PARQUET -> new DatasetSpec.HubParquet(source, path, download, limit, labelColumn);
      case IMAGE_LIST ->
          new DatasetSpec.ListedImages(source, path, download, limit, labelSeparator);
      default -> DatasetSpec.of(source, path, download, limit);
    };
  }
}
