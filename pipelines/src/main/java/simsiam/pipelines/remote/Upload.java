package simsiam.pipelines.remote;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.Optional;

/** Copies finished local files to a store. */
public final class Upload {
  private Upload() {}

  /**
   * Puts a file into the store whole, over one of that name, or leaves what is there as it is.
   *
   * @param target remote path
   */
  public static void whole(Path file, Path target) throws IOException {
    RemotePath remote = RemotePath.of(target);
    try (FileChannel from = FileChannel.open(file)) {
      // Not closed when copying fails, as closing would leave the part that was copied there.
      WritableByteChannel to = RemoteStore.create(remote);
      for (long done = 0; done < from.size(); ) {
        done += from.transferTo(done, from.size() - done, to);
      }
      to.close();
      Optional<Long> found = RemoteStore.file(remote).map(RemoteAttributes::size);
      if (!found.equals(Optional.of(from.size()))) {
        throw new IOException(
            "expected %s bytes there, got %s"
                .formatted(from.size(), found.map(String::valueOf).orElse("no file")));
      }
    } catch (IOException | RuntimeException e) {
      throw new StoreException("Cannot write %s: %s".formatted(target, RemoteStore.cause(e)), e);
    }
  }
}
