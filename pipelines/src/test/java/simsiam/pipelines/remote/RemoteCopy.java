package simsiam.pipelines.remote;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Copies of local files in a store. */
public final class RemoteCopy {
  private RemoteCopy() {}

  /** Copies a file, or a folder with all it holds; returns its place there. */
  public static Path of(Path local, Path remote) throws IOException {
    try (Stream<Path> tree = Files.walk(local)) {
      for (Path file : tree.filter(Files::isRegularFile).toList()) {
        Path target =
            file.equals(local) ? remote : remote.resolve(local.relativize(file).toString());
        try (OutputStream out = Files.newOutputStream(target)) {
          Files.copy(file, out);
        }
      }
    }
    return remote;
  }
}
