package simsiam.model.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.data.table.WrittenFile;
import simsiam.model.file.CanonicalJson;

class ManifestTest {
  @TempDir Path folder;

  @Test
  void readsBackWhatWasWritten() {
    Manifest manifest = manifest();
    manifest.write(folder);

    assertThat(Manifest.read(folder)).isEqualTo(manifest);
  }

  @Test
  void keysAreSortedAndFiguresExact() throws IOException {
    manifest().write(folder);

    assertThat(Files.readString(folder.resolve("manifest.json")))
        .isEqualTo(
            """
            {
              "class_names": [
                "cat",
                "dog"
              ],
              "config": {
                "a": 1,
                "b": 0.1
              },
              "duplicates": {
                "test": 0,
                "train": 2,
                "train_in_test": 1,
                "train_in_test_examples": [
                  {
                    "dropped": "train/x",
                    "kept": "test/y"
                  }
                ]
              },
              "fingerprint": "f00d",
              "image_encoding": "raw",
              "rejects": {
                "empty": 1,
                "truncated": 4
              },
              "schema_version": 2,
              "source_fingerprint": "5eed",
              "splits": {
                "train": {
                  "bytes": 100,
                  "class_counts": [
                    3,
                    0
                  ],
                  "rows": 3,
                  "shards": [
                    {
                      "bytes": 100,
                      "file": "train-00000-of-00001.parquet",
                      "rows": 3,
                      "sha256": "ab"
                    }
                  ],
                  "unlabelled": 0
                }
              },
              "train_channels": {
                "mean": [
                  0.5,
                  2.0E-4,
                  0.0
                ],
                "pixels": 12,
                "std": [
                  0.25,
                  0.0,
                  1.0
                ]
              }
            }
            """);
  }

  @Test
  void refusesAnotherSchemaVersion() throws IOException {
    manifest().write(folder);
    Path file = folder.resolve("manifest.json");
    Files.writeString(
        file, Files.readString(file).replace("\"schema_version\": 2", "\"schema_version\": 1"));

    assertThatThrownBy(() -> Manifest.read(folder))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot read manifest.json: expected schema version 2, got 1 (%s); make the shards again with --force=shard"
                .formatted(file));
  }

  @Test
  void namesTheSplitsThereAre() {
    assertThatThrownBy(() -> manifest().split("val"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot find split: expected one of [train], got val");
  }

  private static Manifest manifest() {
    return new Manifest(
        Manifest.SCHEMA_VERSION,
        "f00d",
        "5eed",
        ImageEncoding.RAW,
        List.of("cat", "dog"),
        Map.of(
            "train",
            new Manifest.Split(
                3,
                100,
                List.of(3L, 0L),
                0,
                List.of(new WrittenFile("train-00000-of-00001.parquet", 3, 100, "ab")))),
        new ChannelStatistics(12, List.of(0.5, 0.0002, 0.0), List.of(0.25, 0.0, 1.0)),
        Map.of("truncated", 4L, "empty", 1L),
        new Manifest.Duplicates(2, 0, 1, List.of(new Manifest.Pair("train/x", "test/y"))),
        CanonicalJson.tree(Map.of("b", 0.1, "a", 1)));
  }
}
