package simsiam.pipelines.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.pipelines.remote.RemoteCopy;
import simsiam.pipelines.source.Packing;
import simsiam.pipelines.stage.Runner;
import simsiam.pipelines.stage.RunnerOptions;

/** Both pipelines from a store to a store: the bytes that they write on disk. */
abstract class RemotePipelinesContract {
  @TempDir private Path folder;

  /** A bucket for tests, as a path. */
  protected abstract Path bucket();

  /** Beam options that reach it. */
  protected abstract List<String> options();

  @Test
  void writeTheBytesThatTheyWriteOnDisk() throws IOException {
    Path images = folder.resolve("images");
    Study local = new Study(images, 900);
    Path archive = Packing.pack(folder.resolve("images.zip"), images, "");
    Study remote = local.from(RemoteCopy.of(archive, bucket().resolve("images.zip")));

    Map<String, String> actual =
        remote.run(bucket().resolve("out"), new RunnerOptions(Runner.DIRECT, options()));

    Map<String, String> expected = local.expected(folder.resolve("direct"));
    assertThat(actual).containsOnlyKeys(expected.keySet());
    // Its lines name the place of the images.
    expected.remove("examples/rejects.jsonl");
    assertThat(actual).containsAllEntriesOf(expected);
  }
}
