package simsiam.pipelines.source.download;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.mlflow.lock.ProcessLock;

class DownloadLockTest {
  @TempDir Path folder;

  @Test
  void ofThreadsThatFetchTheSameFileOneFetchesIt() throws Exception {
    byte[] content = new byte[500_000];
    new Random(5).nextBytes(content);
    String md5 = HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(content));
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (FaultyServer server = new FaultyServer(content)) {
      RemoteFile file = RemoteFile.of(server.base(), "a.bin", content.length, md5);
      List<Future<?>> done = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        done.add(
            threads.submit(
                () -> {
                  new Download(Duration.ofMillis(1)).fetch(file, folder, DownloadProgress.NONE);
                  return null;
                }));
      }
      for (Future<?> one : done) {
        one.get(1, TimeUnit.MINUTES);
      }
      assertThat(server.ranges()).containsExactly("none");
    } finally {
      threads.shutdownNow();
    }
    assertThat(folder.resolve("a.bin")).hasBinaryContent(content);
    assertThat(folder.resolve("a.bin.part")).doesNotExist();
  }

  @Test
  void anotherProcessIsWaitedForAndItsDeathFreesTheLock() throws Exception {
    Path target = folder.resolve("a.bin");
    Path held = folder.resolve("held");
    Process holder = holder(target, held);
    try {
      while (!Files.exists(held)) {
        assertThat(holder.isAlive()).isTrue();
        Thread.onSpinWait();
      }
      ExecutorService thread = Executors.newSingleThreadExecutor();
      try {
        Future<?> acquired =
            thread.submit(
                () -> {
                  Download.lock(target).close();
                  return null;
                });
        TimeUnit.MILLISECONDS.sleep(200);
        assertThat(acquired.isDone()).isFalse();
        holder.destroyForcibly();
        acquired.get(1, TimeUnit.MINUTES);
      } finally {
        thread.shutdownNow();
      }
    } finally {
      holder.destroyForcibly();
    }
  }

  private static Process holder(Path target, Path held) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Holder.class.getName(),
            target.toString(),
            held.toString())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** Takes the lock, says so, and keeps it until it is killed. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] args) throws Exception {
      ProcessLock lock = Download.lock(Path.of(args[0]));
      Files.createFile(Path.of(args[1]));
      TimeUnit.MINUTES.sleep(5);
      lock.close();
    }
  }
}
