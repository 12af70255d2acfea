package simsiam.pipelines.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.pipelines.remote.Places;
import simsiam.pipelines.remote.RemoteCopy;
import simsiam.pipelines.remote.S3Server;

/** A whole run with images and workspace in S3, by processes that know only their environment. */
@Tag("s3")
class S3StudyTest {
  @TempDir private static Path folder;
  private static S3Server server;
  private static TinyStudy study;

  @BeforeAll
  static void start() throws Exception {
    server = new S3Server(folder, "study");
    study = TinyStudy.in(folder);
    RemoteCopy.of(Path.of("..", "conf", "fashion-mnist"), Places.path("s3://study/images"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private String run(Path machine, Map<String, String> environment, String... more)
      throws Exception {
    List<String> command =
        SimsiamProcess.command(List.of(), study.arguments("run", "on-disk", more));
    try (SimsiamProcess run =
        SimsiamProcess.start(Files.createDirectories(machine), environment, command)) {
      assertThat(run.exitCode()).as(run.output()).isZero();
      return run.output();
    }
  }

  private static SortedMap<String, String> data(Path workspace) throws IOException {
    SortedMap<String, String> data = new TreeMap<>(study.digests(workspace.toString()));
    data.keySet().removeIf(file -> file.startsWith("preprocess/"));
    return data;
  }

  @Test
  void endsWithTheFilesOfOneOnDiskAndServesAnotherMachine() throws Exception {
    String[] remote = {"workspace=s3://study/runs", "dataset.path=s3://study/images"};
    run(folder.resolve("here"), Map.of());

    String first = run(folder.resolve("one"), server.environment(), remote);
    assertThat(data(folder.resolve("one/runs/s3/study/runs")))
        .isEqualTo(data(folder.resolve("on-disk")));
    assertThat(first).contains("checkpoints, logs and tracking data: runs/s3/study/runs");
    String second =
        run(folder.resolve("two"), server.environment(), remote[0], remote[1], "--to=shard");
    assertThat(second.lines().filter(line -> line.contains(" cached "))).hasSize(2);
  }
}
