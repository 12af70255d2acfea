package simsiam.pipelines.source.download;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import simsiam.mlflow.lock.ProcessLock;
import simsiam.model.config.Reason;
import simsiam.model.file.AtomicFile;
import simsiam.model.file.Sha256;

/**
 * Fetches a file over HTTP into a folder: beside its place as {@code .part}, from where a broken
 * download goes on, now or in a later run; then size and digest are checked and it gets its name.
 * Of several that fetch the same file into the same place, one does and the others wait for it.
 */
public final class Download {
  private static final Logger LOG = LoggerFactory.getLogger(Download.class);
  private static final int ATTEMPTS = 4;
  private static final int TIMEOUT_MILLIS = 30_000;

  private final Duration pause;

  /**
   * @param pause before the first repetition; it doubles each time
   */
  public Download(Duration pause) {
    this.pause = pause;
  }

  /**
   * Fetches one file.
   *
   * @throws IOException if it cannot be had whole; the message says where it may be put by hand
   */
  public void fetch(RemoteFile file, Path folder, DownloadProgress progress) throws IOException {
    Files.createDirectories(folder);
    Path target = folder.resolve(file.name());
    try (ProcessLock lock = lock(target)) {
      if (lock.isHeld() && !Files.exists(target)) {
        fetchAside(file, target, progress);
      }
    }
  }

  /** The right to fetch a file, on a hidden file beside it. */
  static ProcessLock lock(Path target) throws IOException {
    try {
      return ProcessLock.acquire(
          target.resolveSibling("." + target.getFileName() + ".lock"),
          holder -> LOG.info("Waiting for {}, which downloads {}", holder, target));
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private void fetchAside(RemoteFile file, Path target, DownloadProgress progress)
      throws IOException {
    Path part = target.resolveSibling(file.name() + ".part");
    try {
      complete(file, part, progress);
      verify(file, part);
    } catch (IOException e) {
      throw new IOException(
          "Cannot download %s: %s (%s). It may be fetched by other means and put at %s"
              .formatted(file.name(), reason(e), file.uri(), target),
          e);
    }
    AtomicFile.commit(part, target);
  }

  private void complete(RemoteFile file, Path part, DownloadProgress progress) throws IOException {
    int failures = 0;
    while (size(part) != file.bytes()) {
      long before = size(part);
      try {
        request(file, part, progress);
      } catch (UnexpectedReplyException | UnknownHostException e) {
        throw e;
      } catch (IOException e) {
        failures = size(part) > before ? 1 : failures + 1;
        if (failures == ATTEMPTS) {
          throw e;
        }
        LOG.warn(
            "Download of {} broke off at {} of {} bytes ({}); trying again",
            file.name(),
            size(part),
            file.bytes(),
            Reason.of(e));
        sleep(pause.multipliedBy(1L << (failures - 1)));
      }
    }
  }

  private static void request(RemoteFile file, Path part, DownloadProgress progress)
      throws IOException {
    long have = size(part);
    if (have > file.bytes()) {
      Files.delete(part);
      have = 0;
    }
    HttpURLConnection connection = (HttpURLConnection) file.uri().toURL().openConnection();
    connection.setConnectTimeout(TIMEOUT_MILLIS);
    connection.setReadTimeout(TIMEOUT_MILLIS);
    if (have > 0) {
      connection.setRequestProperty("Range", "bytes=" + have + "-");
    }
    try {
      long from = start(connection, have, file);
      try (InputStream in = connection.getInputStream();
          OutputStream out = open(part, from > 0)) {
        copy(in, out, from, file, progress);
      }
    } finally {
      connection.disconnect();
    }
  }

  /** Where the reply's body begins in the file; a server may ignore the wish for a range. */
  private static long start(HttpURLConnection connection, long have, RemoteFile file)
      throws IOException {
    int status = connection.getResponseCode();
    if (status >= 500) {
      throw new IOException("expected HTTP status 200, got " + status);
    }
    if (status != HttpURLConnection.HTTP_OK && status != HttpURLConnection.HTTP_PARTIAL) {
      throw new UnexpectedReplyException("expected HTTP status 200, got " + status);
    }
    long from = status == HttpURLConnection.HTTP_PARTIAL ? have : 0;
    long length = connection.getContentLengthLong();
    if (length >= 0 && from + length != file.bytes()) {
      throw new UnexpectedReplyException(
          "expected %s bytes, got %s".formatted(file.bytes(), from + length));
    }
    return from;
  }

  private static OutputStream open(Path part, boolean append) throws IOException {
    return append
        ? Files.newOutputStream(part, StandardOpenOption.APPEND)
        : Files.newOutputStream(part);
  }

  private static void copy(
      InputStream in, OutputStream out, long from, RemoteFile file, DownloadProgress progress)
      throws IOException {
    byte[] buffer = new byte[1 << 16];
    long done = from;
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      out.write(buffer, 0, n);
      done += n;
      if (done > file.bytes()) {
        throw new UnexpectedReplyException("expected %s bytes, got more".formatted(file.bytes()));
      }
      progress.update(file.name(), done, file.bytes());
    }
    if (done < file.bytes()) {
      throw new IOException("expected %s bytes, got %s".formatted(file.bytes(), done));
    }
  }

  private static void verify(RemoteFile file, Path part) throws IOException {
    String md5 = md5(part);
    if (!md5.equals(file.md5())) {
      Files.delete(part);
      throw new IOException("expected MD5 %s, got %s".formatted(file.md5(), md5));
    }
  }

  private static String md5(Path file) throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Cannot check: expected MD5 in this Java, got none", e);
    }
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    }
    return Sha256.hex(digest.digest());
  }

  private static String reason(IOException e) {
    return e instanceof UnknownHostException
        ? "expected a network, got no address for " + e.getMessage()
        : e.getMessage();
  }

  private static long size(Path part) throws IOException {
    return Files.exists(part) ? Files.size(part) : 0;
  }

  private static void sleep(Duration pause) throws IOException {
    try {
      Thread.sleep(pause.toMillis());
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static IOException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IOException("interrupted", e);
  }

  /** A reply that asking again will not change. */
  private static final class UnexpectedReplyException extends IOException {
    private static final long serialVersionUID = 1L;

    UnexpectedReplyException(String message) {
      super(message);
    }
  }
}
