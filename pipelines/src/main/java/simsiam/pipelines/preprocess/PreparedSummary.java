package simsiam.pipelines.preprocess;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import simsiam.model.data.ImageEncoding;
import simsiam.model.data.LabelSet;
import simsiam.model.data.LabelSpace;
import simsiam.model.file.CanonicalJson;
import simsiam.pipelines.source.listing.SourceSplit;

/**
 * Table of contents of the preprocessed examples, {@code summary.json}: what the shard pipeline
 * starts from.
 *
 * @param sourceDigest digest of the raw source
 * @param classNames by class index; empty where there are no labels
 * @param images usable ones, by split
 * @param rejects images that could not be used, by reason
 * @param parts files of examples, in source order
 * @param labelSets by label where images may show several classes, else empty
 */
public record PreparedSummary(
    String sourceDigest,
    ImageEncoding imageEncoding,
    List<String> classNames,
    Map<String, Long> images,
    Map<String, Long> rejects,
    List<Part> parts,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<LabelSet> labelSets) {
  public static final String FILE_NAME = "summary.json";
  public static final String REJECTS_FILE_NAME = "rejects.jsonl";

  public PreparedSummary {
    classNames = List.copyOf(classNames);
    images = new TreeMap<>(images);
    rejects = new TreeMap<>(rejects);
    parts = List.copyOf(parts);
    labelSets = labelSets == null ? List.of() : List.copyOf(labelSets); // most files have none
  }

  /** That of images with one class each. */
  public PreparedSummary(
      String sourceDigest,
      ImageEncoding imageEncoding,
      List<String> classNames,
      Map<String, Long> images,
      Map<String, Long> rejects,
      List<Part> parts) {
    this(sourceDigest, imageEncoding, classNames, images, rejects, parts, List.of());
  }

  /** What the labels of the examples stand for. */
  public LabelSpace labelSpace() {
    return new LabelSpace(classNames, labelSets);
  }

  public static PreparedSummary read(Path folder) {
    return CanonicalJson.read(folder.resolve(FILE_NAME), PreparedSummary.class);
  }

  void write(Path folder) {
    CanonicalJson.write(folder.resolve(FILE_NAME), this);
  }

  /** Usable images in all. */
  public long imageCount() {
    return images.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Rejected images in all. */
  public long rejectCount() {
    return rejects.values().stream().mapToLong(Long::longValue).sum();
  }

  /** One file of examples; all of its images are of one split. */
  public record Part(String file, SourceSplit split, long rows, long bytes, String sha256)
      implements Serializable {}
}
