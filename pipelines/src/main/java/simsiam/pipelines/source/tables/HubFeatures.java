package simsiam.pipelines.source.tables;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import simsiam.model.config.InvalidConfigException;
import simsiam.model.config.Violation;
import simsiam.model.data.table.ForeignTable;
import simsiam.model.file.CanonicalJson;
import simsiam.pipelines.source.listing.SourceProblem;

/**
 * What the columns of a Hugging Face file are.
 *
 * @param bytes column of the image files' bytes
 * @param label column of class indices; empty where there is none
 * @param classNames by label; empty where there are none
 */
record HubFeatures(String bytes, String label, List<String> classNames) {
  private static final String FOOTER_KEY = "huggingface";
  private static final String BYTES = ".bytes";
  private static final List<String> LABELS = List.of("label", "labels", "fine_label");

  /**
   * Those of a file.
   *
   * @param labelColumn column of class numbers; empty: the one that is called like labels
   */
  static HubFeatures of(ForeignTable table, Path file, String labelColumn) {
    JsonNode features = features(table, file);
    List<String> images =
        table.columns().stream()
            .filter(name -> name.endsWith(BYTES))
            .map(name -> name.substring(0, name.length() - BYTES.length()))
            .filter(
                name ->
                    features.isEmpty()
                        || features.path(name).path("_type").asText().equals("Image"))
            .toList();
    if (images.size() != 1) {
      throw SourceProblem.of(
          "one image column {bytes, path}", "%s (%s)".formatted(images.size(), file));
    }
    String bytes = images.get(0) + BYTES;
    String label = labelColumn.isEmpty() ? label(table, file) : named(table, file, labelColumn);
    table.requireCodecs(List.of(bytes, label));
    List<String> names = new ArrayList<>();
    features.path(label).path("names").forEach(name -> names.add(name.asText()));
    if (!label.isEmpty() && names.isEmpty()) {
      throw SourceProblem.of(
          "class names of column %s under footer key %s".formatted(label, FOOTER_KEY),
          "none (%s)".formatted(file));
    }
    return new HubFeatures(bytes, label, names);
  }

  private static String named(ForeignTable table, Path file, String column) {
    if (table.kind(column) == ForeignTable.Kind.INTEGER) {
      return column;
    }
    List<String> there =
        table.fields().stream()
            .filter(name -> table.kind(name) == ForeignTable.Kind.INTEGER)
            .toList();
    String expected =
        there.isEmpty()
            ? "nothing, as the file has no column of whole numbers"
            : "a column of whole numbers, such as " + String.join(", ", there);
    throw new InvalidConfigException(
        List.of(
            new Violation("dataset.label_column", column, "%s (%s)".formatted(expected, file))));
  }

  /** The first column of numbers that is called like labels. */
  private static String label(ForeignTable table, Path file) {
    List<String> there =
        LABELS.stream().filter(name -> table.kind(name) != ForeignTable.Kind.ABSENT).toList();
    return there.stream()
        .filter(name -> table.kind(name) == ForeignTable.Kind.INTEGER)
        .findFirst()
        .or(
            () ->
                there.stream()
                    .findFirst()
                    .map(
                        name -> {
                          throw SourceProblem.of(
                              "whole numbers in column %s, one class an image".formatted(name),
                              "%s (%s)".formatted(table.type(name), file));
                        }))
        .orElse("");
  }

  private static JsonNode features(ForeignTable table, Path file) {
    String footer = table.footer().getOrDefault(FOOTER_KEY, "{}");
    try {
      return CanonicalJson.parse(footer).path("info").path("features");
    } catch (UncheckedIOException e) {
      throw SourceProblem.of(
          "JSON under footer key " + FOOTER_KEY, "%s (%s)".formatted(e.getMessage(), file));
    }
  }
}
