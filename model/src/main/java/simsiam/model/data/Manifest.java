package simsiam.model.data;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import simsiam.model.data.table.WrittenFile;
import simsiam.model.file.CanonicalJson;

/**
 * Table of contents of a sharded data set, {@code manifest.json}: written last, so that where it
 * is, the shards are whole.
 *
 * @param schemaVersion of the shards' rows
 * @param fingerprint of the stage that wrote the set
 * @param sourceFingerprint digest of the raw source
 * @param classNames by class index; empty where there are no labels
 * @param splits {@code train}, {@code test}
 * @param trainChannels mean and deviation over the train split's pixels
 * @param rejects images that could not be used, by reason
 * @param duplicates exact duplicates that were left out
 * @param config the part of the configuration that shaped the set
 * @param labelSets by label where images may show several classes, else empty
 */
public record Manifest(
    int schemaVersion,
    String fingerprint,
    String sourceFingerprint,
    ImageEncoding imageEncoding,
    List<String> classNames,
    Map<String, Split> splits,
    ChannelStatistics trainChannels,
    Map<String, Long> rejects,
    Duplicates duplicates,
    JsonNode config,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<LabelSet> labelSets) {
  /** Version of the rows that this code writes and reads. */
  public static final int SCHEMA_VERSION = ShardColumns.VERSION;

  public static final String FILE_NAME = "manifest.json";

  public Manifest {
    classNames = List.copyOf(classNames);
    splits = new TreeMap<>(splits);
    rejects = new TreeMap<>(rejects);
    labelSets = labelSets == null ? List.of() : List.copyOf(labelSets); // most files have none
  }

  /** That of images with one class each. */
  public Manifest(
      int schemaVersion,
      String fingerprint,
      String sourceFingerprint,
      ImageEncoding imageEncoding,
      List<String> classNames,
      Map<String, Split> splits,
      ChannelStatistics trainChannels,
      Map<String, Long> rejects,
      Duplicates duplicates,
      JsonNode config) {
    this(
        schemaVersion,
        fingerprint,
        sourceFingerprint,
        imageEncoding,
        classNames,
        splits,
        trainChannels,
        rejects,
        duplicates,
        config,
        List.of());
  }

  /** What the labels of its images stand for. */
  public LabelSpace labelSpace() {
    return new LabelSpace(classNames, labelSets);
  }

  /** Reads the manifest of a folder and checks that this code can read its shards. */
  public static Manifest read(Path folder) {
    Path file = folder.resolve(FILE_NAME);
    Manifest manifest = CanonicalJson.read(file, Manifest.class);
    if (manifest.schemaVersion != SCHEMA_VERSION) {
      throw new IllegalStateException(
          ("Cannot read manifest.json: expected schema version %s, got %s (%s); make the shards"
                  + " again with --force=shard")
              .formatted(SCHEMA_VERSION, manifest.schemaVersion, file));
    }
    return manifest;
  }

  /** Writes aside, then renames. */
  public void write(Path folder) {
    CanonicalJson.write(folder.resolve(FILE_NAME), this);
  }

  /**
   * The split of that name.
   *
   * @throws IllegalArgumentException if there is no such split, naming those there are
   */
  public Split split(String name) {
    Split split = splits.get(name);
    if (split == null) {
      throw new IllegalArgumentException(
          "Cannot find split: expected one of %s, got %s".formatted(splits.keySet(), name));
    }
    return split;
  }

  /**
   * One split.
   *
   * @param classCounts images by class, of which one may show several; empty where there are no
   *     labels
   * @param unlabelled images without a label
   * @param shards in reading order
   */
  public record Split(
      long rows, long bytes, List<Long> classCounts, long unlabelled, List<WrittenFile> shards) {
    public Split {
      classCounts = List.copyOf(classCounts);
      shards = List.copyOf(shards);
    }
  }

  /**
   * Images left out because another has the same pixels; the smallest id is kept, and of a pair
   * across splits the one in {@code test}.
   *
   * @param train left out because of another train image
   * @param test left out because of another test image
   * @param trainInTest left out of train because the same image is in test
   * @param trainInTestExamples the first of these pairs, by id of the one left out
   */
  public record Duplicates(
      long train, long test, long trainInTest, List<Pair> trainInTestExamples) {
    public Duplicates {
      trainInTestExamples = List.copyOf(trainInTestExamples);
    }
  }

  /** Two images with the same pixels. */
  public record Pair(String dropped, String kept) {}
}
