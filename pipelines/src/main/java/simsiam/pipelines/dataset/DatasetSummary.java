package simsiam.pipelines.dataset;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import simsiam.model.data.Manifest;

/** What a manifest says, for people. */
public final class DatasetSummary {
  private static final int BAR = 40;

  private DatasetSummary() {}

  /** Splits, sizes, statistics, rejects and duplicates. */
  public static List<List<String>> facts(Manifest manifest) {
    List<List<String>> rows = new ArrayList<>();
    manifest
        .splits()
        .forEach(
            (name, split) ->
                rows.add(
                    List.of(
                        name,
                        String.format(
                            Locale.ROOT,
                            "%,d images in %d shards, %.1f MB%s",
                            split.rows(),
                            split.shards().size(),
                            split.bytes() / 1e6,
                            split.unlabelled() == 0
                                ? ""
                                : String.format(
                                    Locale.ROOT, ", %,d without a label", split.unlabelled())))));
    rows.add(List.of("encoding", manifest.imageEncoding().name().toLowerCase(Locale.ROOT)));
    rows.add(List.of("classes", String.valueOf(manifest.classNames().size())));
    rows.add(List.of("mean of train", decimals(manifest.trainChannels().mean())));
    rows.add(List.of("std of train", decimals(manifest.trainChannels().std())));
    rows.add(List.of("rejects", manifest.rejects().isEmpty() ? "none" : "" + manifest.rejects()));
    Manifest.Duplicates duplicates = manifest.duplicates();
    rows.add(
        List.of(
            "duplicates left out",
            String.format(
                Locale.ROOT,
                "%,d of train, %,d of test, %,d of train that are in test",
                duplicates.train(),
                duplicates.test(),
                duplicates.trainInTest())));
    rows.add(List.of("fingerprint", manifest.fingerprint()));
    rows.add(List.of("source", manifest.sourceFingerprint()));
    return rows;
  }

  private static String decimals(List<Double> values) {
    return String.join(
        " ", values.stream().map(v -> String.format(Locale.ROOT, "%.4f", v)).toList());
  }

  /** Images of each class in each split, with a bar for the first split that has labels. */
  public static List<Map<String, Object>> histogram(Manifest manifest) {
    List<Map<String, Object>> rows = new ArrayList<>();
    String longest = longestSplit(manifest);
    long most =
        longest.isEmpty()
            ? 0
            : manifest.split(longest).classCounts().stream().mapToLong(n -> n).max().orElse(0);
    for (int label = 0; label < manifest.classNames().size(); label++) {
      int index = label;
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("class", manifest.classNames().get(label));
      manifest.splits().forEach((name, split) -> row.put(name, split.classCounts().get(index)));
      long count = manifest.split(longest).classCounts().get(index);
      row.put("", "#".repeat((int) Math.round((double) BAR * count / Math.max(1, most))));
      rows.add(row);
    }
    return rows;
  }

  private static String longestSplit(Manifest manifest) {
    return manifest.splits().entrySet().stream()
        .max(Map.Entry.comparingByValue((a, b) -> Long.compare(a.rows(), b.rows())))
        .map(Map.Entry::getKey)
        .orElse("");
  }
}
