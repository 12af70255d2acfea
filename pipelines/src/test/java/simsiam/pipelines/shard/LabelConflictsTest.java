package simsiam.pipelines.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.data.ImageExample;
import simsiam.model.data.Manifest;
import simsiam.model.data.ShardedSplit;
import simsiam.pipelines.config.ShardSpec;
import simsiam.pipelines.config.ShardSpec.Compression;
import simsiam.pipelines.source.listing.SourceSplit;

class LabelConflictsTest {
  private static final List<String> CLASSES = List.of("cat", "dog", "emu");

  @TempDir private Path input;
  @TempDir private Path output;
  @TempDir private Path other;

  private static ShardSpec allowing(double fraction) {
    return new ShardSpec(1, 1, Compression.ZSTD, 0, "pepper", fraction);
  }

  private Manifest run(ShardSpec spec, Path folder) {
    return ShardPipelineTest.run(spec, input, folder, 2);
  }

  @Test
  void conflictsOfLabelsAreCountedAndNamed() throws IOException {
    conflicting();

    Manifest manifest = run(allowing(1), output);

    // b and t2 are under another class than a and t1; d says what a says; f had the only label.
    LabelConflicts conflicts = LabelConflicts.of(output, manifest);
    assertThat(conflicts)
        .isEqualTo(
            new LabelConflicts(
                2,
                1,
                8,
                List.of(
                    new LabelConflicts.Pair("b", "dog", "a", "cat"),
                    new LabelConflicts.Pair("t2", "emu", "t1", "dog"))));
    assertThat(conflicts)
        .hasToString(
            "2 of 8 images (25.00 %) also under another class: b (dog) is a (cat), t2 (emu) is t1"
                + " (dog)");
    try (Stream<ImageExample> train = ShardedSplit.read(output, manifest, "train")) {
      assertThat(train.map(ImageExample::id)).containsExactlyInAnyOrder("a", "c", "e");
    }
  }

  @Test
  void moreConflictsThanAllowedFailAfterTheShardsAreWritten() {
    conflicting();

    assertThatThrownBy(() -> run(allowing(0.249), output))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot use the labels: expected at most 24.9 % of the images under two classes"
                + " (shard.max_label_conflict_fraction), got 2 of 8 images (25.00 %) also under"
                + " another class: b (dog) is a (cat), t2 (emu) is t1 (dog) (%s)"
                    .replace("%s", output.resolve("duplicates.jsonl").toString()));
    assertThat(output.resolve("manifest.json")).exists();
    run(allowing(0.25), other);
  }

  private void conflicting() {
    new PreparedSet(input)
        .part(
            SourceSplit.TRAIN,
            List.of(
                PreparedSet.example("a", 0, 1),
                PreparedSet.example("b", 1, 1),
                PreparedSet.example("d", 0, 1),
                PreparedSet.example("c", 2, 2),
                PreparedSet.example("e", -1, 4),
                PreparedSet.example("f", 2, 4)))
        .part(
            SourceSplit.TEST,
            List.of(PreparedSet.example("t1", 1, 3), PreparedSet.example("t2", 2, 3)))
        .commit(CLASSES);
  }
}
