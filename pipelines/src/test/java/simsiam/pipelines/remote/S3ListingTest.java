package simsiam.pipelines.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real S3 server, of which a listing takes several requests. */
@Tag("s3")
class S3ListingTest {
  private static final int FILES = 2_300;

  @Test
  void aTreeIsListedInPagesOfAThousandAndNothingElseIsAsked(@TempDir Path work) throws Exception {
    Path bucket = work.resolve("buckets/pages/set");
    for (int i = 0; i < FILES; i++) {
      Path folder = Files.createDirectories(bucket.resolve("class %s".formatted(i % 3)));
      Files.write(folder.resolve(String.format(Locale.ROOT, "%05d.bin", i)), new byte[i % 7]);
    }
    try (S3Server server = new S3Server(work, "pages")) {
      Path set = server.bucket().resolve("set");
      Path last = set.resolve("last.bin");
      Files.write(last, new byte[3]);
      long bytes = 0;
      List<Path> found;
      try (Stream<Path> tree = Files.walk(set)) {
        found = tree.filter(Files::isRegularFile).toList();
      }
      for (Path file : found) {
        bytes += Files.size(file);
      }

      assertThat(found)
          .hasSize(FILES + 1)
          .contains(set.resolve("class 0/00000.bin"), set.resolve("class 1/02299.bin"), last);
      assertThat(bytes).isEqualTo(sum() + 3);
      assertThat(server.requests("GET", "list-type=2")).isEqualTo(3);
      assertThat(server.requests("HEAD", "")).isEqualTo(1); // whether the folder is a file
      assertSameAlone(last);
    }
  }

  private static long sum() {
    long sum = 0;
    for (int i = 0; i < FILES; i++) {
      sum += i % 7;
    }
    return sum;
  }

  /** Digests are remembered by these: a file that is asked for alone has the same. */
  private static void assertSameAlone(Path file) throws IOException {
    RemotePath path = RemotePath.of(file);
    RemoteAttributes listed = path.getFileSystem().listings().attributes(path);
    RemoteAttributes alone = RemoteStore.file(path).orElseThrow();

    assertThat(listed.version()).isNotEmpty().isEqualTo(alone.version());
    assertThat(listed.size()).isEqualTo(alone.size());
    assertThat(listed.modifiedMillis() / 1_000).isEqualTo(alone.modifiedMillis() / 1_000);
  }
}
