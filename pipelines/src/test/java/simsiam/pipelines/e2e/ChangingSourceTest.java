package simsiam.pipelines.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.pipelines.source.Fixtures;

/** Images that are deleted, replaced and added while a run reads them. */
class ChangingSourceTest {
  private static final int IMAGES = 440;
  private static final String RUNS = "runs";

  @TempDir private Path folder;

  private SimsiamProcess start(TinyStudy study, Path images) throws IOException {
    return study.start(
        "run",
        RUNS,
        "--to",
        "preprocess",
        "dataset.source=image_folder",
        "dataset.path=" + images,
        "dataset.limit=0",
        "shard.validation_fraction=0.2");
  }

  private static String name(int i) {
    return String.format(Locale.ROOT, "%s/%03d.png", i % 2 == 0 ? "cat" : "dog", i);
  }

  private static void change(Path images) throws IOException {
    for (int i = 0; i < 100; i++) {
      Files.delete(images.resolve(name(2 * i + 1)));
    }
    Path replaced = images.resolve("cat/400.png");
    FileTime time = Files.getLastModifiedTime(replaced);
    byte[] bytes = Files.readAllBytes(replaced);
    bytes[bytes.length - 20] ^= 1;
    Files.write(replaced, bytes);
    Files.setLastModifiedTime(replaced, time);
    Fixtures.write(images.resolve("cat/new.png"), Fixtures.png(20, 20, -1));
  }

  @Test
  void theRunFailsWithTheirNamesAndTheNextOneReadsWhatIsThere() throws Exception {
    TinyStudy study = TinyStudy.in(folder);
    Path images = folder.resolve("images");
    for (int i = 0; i < IMAGES; i++) {
      Fixtures.write(images.resolve(name(i)), Fixtures.png(20, 20, i));
    }
    try (SimsiamProcess run = start(study, images)) {
      run.await(
          () ->
              study.unfinished(RUNS, "preprocess").stream()
                  .anyMatch(file -> file.contains("examples-")));
      run.signal("STOP");
      change(images);
      run.signal("CONT");

      assertThat(run.exitCode()).as(run.output()).isEqualTo(3);
      assertThat(run.output())
          .contains(
              "error: Cannot use the data set: expected it as it was when the run was planned")
          .contains("100 files gone (dog/001.png, dog/003.png, dog/005.png, dog/007.png, ")
          .contains("1 file changed (cat/400.png); 1 file added (cat/new.png)");
    }
    assertThat(study.committed(RUNS, "preprocess")).isFalse();

    try (SimsiamProcess next = start(study, images)) {
      assertThat(next.exitCode()).as(next.output()).isZero();
      assertThat(next.output()).contains("340 images, 1 rejected {corrupt=1}");
    }
  }
}
