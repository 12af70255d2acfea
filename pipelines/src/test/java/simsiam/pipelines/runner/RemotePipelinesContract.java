package simsiam.pipelines.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.pipelines.remote.RemoteCopy;
import simsiam.pipelines.remote.TestStore;
import simsiam.pipelines.source.Packing;
import simsiam.pipelines.stage.Runner;
import simsiam.pipelines.stage.RunnerOptions;

/** Both pipelines from a store to a store: the bytes that they write on disk. */
abstract class RemotePipelinesContract {
  @TempDir Path folder;

  /** A store that has just been started, with its files in a folder. */
  abstract TestStore store(Path files) throws Exception;

  /** Runs both pipelines with the store's options. */
  Map<String, String> run(Study study, Path output, TestStore store) throws Exception {
    return study.run(output, new RunnerOptions(Runner.DIRECT, store.options()));
  }

  @Test
  void writeTheBytesThatTheyWriteOnDisk() throws Exception {
    Path images = folder.resolve("images");
    Study local = new Study(images, 150);
    Path archive = Packing.pack(folder.resolve("images.zip"), images, "");
    Map<String, String> expected = local.expected(folder.resolve("direct"));
    Map<String, String> actual;
    try (TestStore store = store(Files.createDirectory(folder.resolve("store")))) {
      Path bucket = store.bucket();
      Study remote = local.from(RemoteCopy.of(archive, bucket.resolve("images.zip")));
      actual = run(remote, bucket.resolve("out"), store);
    }

    assertThat(actual).containsOnlyKeys(expected.keySet());
    // Its lines name the place of the images.
    expected.remove("examples/rejects.jsonl");
    assertThat(actual).containsAllEntriesOf(expected);
  }
}
