package simsiam.pipelines.source.download;

import java.net.URI;

/**
 * A published file and what proves that it came whole.
 *
 * @param name under which it is kept
 * @param bytes its size
 * @param md5 its published digest, lower-case hex
 */
public record RemoteFile(URI uri, String name, long bytes, String md5) {
  /** A file that is kept under the last part of its address. */
  public static RemoteFile of(String base, String name, long bytes, String md5) {
    return new RemoteFile(URI.create(base + name), name, bytes, md5);
  }
}
