package simsiam.pipelines.source.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DownloadTest {
  private static final byte[] CONTENT = content();

  @TempDir Path folder;
  private final FaultyServer server = new FaultyServer(CONTENT);
  private final Download download = new Download(Duration.ofMillis(1));
  private final List<Long> progress = new ArrayList<>();

  @AfterEach
  void stopServer() {
    server.close();
  }

  @Test
  void fetchesAFileAndTellsProgress() throws Exception {
    fetch(md5());

    assertThat(folder.resolve("a.bin")).hasBinaryContent(CONTENT);
    assertThat(folder.resolve("a.bin.part")).doesNotExist();
    assertThat(progress).isSorted().endsWith((long) CONTENT.length);
    assertThat(server.ranges()).containsExactly("none");
  }

  @Test
  void goesOnWhereTheConnectionBroke() throws Exception {
    server.breakAfter.addAll(List.of(100_000, 50_000));

    fetch(md5());

    assertThat(folder.resolve("a.bin")).hasBinaryContent(CONTENT);
    assertThat(server.ranges()).containsExactly("none", "bytes=100000-", "bytes=150000-");
  }

  @Test
  void goesOnFromWhatAnEarlierRunLeft() throws Exception {
    Files.write(folder.resolve("a.bin.part"), Arrays.copyOf(CONTENT, 1234));

    fetch(md5());

    assertThat(folder.resolve("a.bin")).hasBinaryContent(CONTENT);
    assertThat(server.ranges()).containsExactly("bytes=1234-");
  }

  @Test
  void startsOverWhereTheServerIgnoresRanges() throws Exception {
    server.supportsRange = false;
    server.breakAfter.add(100_000);

    fetch(md5());

    assertThat(folder.resolve("a.bin")).hasBinaryContent(CONTENT);
    assertThat(server.ranges()).containsExactly("none", "bytes=100000-");
  }

  @Test
  void givesUpOnAServerThatSendsNothingButKeepsWhatThereIs() {
    server.breakAfter.addAll(List.of(100_000, 0, 0, 0, 0, 0));

    assertThatThrownBy(() -> fetch(md5()))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("Cannot download a.bin: ")
        .hasMessageEndingWith(
            "(%sa.bin). It may be fetched by other means and put at %s"
                .formatted(server.base(), folder.resolve("a.bin")));
    assertThat(folder.resolve("a.bin.part")).hasBinaryContent(Arrays.copyOf(CONTENT, 100_000));
    assertThat(server.ranges()).hasSize(4);
  }

  @Test
  void refusesAFileOfAnotherContent() {
    assertThatThrownBy(() -> fetch("00000000000000000000000000000000"))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "Cannot download a.bin: expected MD5 00000000000000000000000000000000, got %s"
                    .formatted(md5())
                + " (%sa.bin). It may be fetched by other means and put at %s"
                    .formatted(server.base(), folder.resolve("a.bin")));
    assertThat(folder.resolve("a.bin")).doesNotExist();
    assertThat(folder.resolve("a.bin.part")).doesNotExist();
  }

  @Test
  void refusesAFileOfAnotherSizeBeforeFetchingIt() {
    RemoteFile file = RemoteFile.of(server.base(), "a.bin", CONTENT.length + 1L, md5());

    assertThatThrownBy(() -> download.fetch(file, folder, DownloadProgress.NONE))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(
            "Cannot download a.bin: expected 300001 bytes, got 300000 (%sa.bin)."
                .formatted(server.base()));
    assertThat(server.ranges()).hasSize(1);
  }

  @Test
  void doesNotRepeatWhatTheServerRefuses() {
    server.status = 404;

    assertThatThrownBy(() -> fetch(md5()))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(
            "Cannot download a.bin: expected HTTP status 200, got 404 (%sa.bin)."
                .formatted(server.base()));
    assertThat(server.ranges()).hasSize(1);
  }

  @Test
  void repeatsWhatTheServerFailedAt() {
    server.status = 503;

    assertThatThrownBy(() -> fetch(md5()))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("Cannot download a.bin: expected HTTP status 200, got 503");
    assertThat(server.ranges()).hasSize(4);
  }

  @Test
  void saysWhenThereIsNoNetwork() {
    RemoteFile file = RemoteFile.of("http://no-such-host.invalid/", "a.bin", 10, md5());

    assertThatThrownBy(() -> download.fetch(file, folder, DownloadProgress.NONE))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "Cannot download a.bin: expected a network, got no address for no-such-host.invalid"
                + " (http://no-such-host.invalid/a.bin). It may be fetched by other means and put"
                + " at %s".formatted(folder.resolve("a.bin")));
  }

  @Test
  void saysWhenNobodyListens() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    RemoteFile file =
        new RemoteFile(URI.create("http://127.0.0.1:" + port + "/a.bin"), "a.bin", 10, md5());

    assertThatThrownBy(() -> download.fetch(file, folder, DownloadProgress.NONE))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("Cannot download a.bin: Connection refused");
  }

  private void fetch(String md5) throws IOException {
    download.fetch(
        RemoteFile.of(server.base(), "a.bin", CONTENT.length, md5),
        folder,
        (file, done, total) -> {
          assertThat(file).isEqualTo("a.bin");
          assertThat(total).isEqualTo(CONTENT.length);
          progress.add(done);
        });
  }

  private static byte[] content() {
    byte[] content = new byte[300_000];
    new Random(4).nextBytes(content);
    return content;
  }

  private static String md5() {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(CONTENT));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
