package simsiam.mlflow.client;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import simsiam.mlflow.file.Sha256;
import simsiam.mlflow.spool.Entry;
import simsiam.mlflow.spool.RunFolder;

/**
 * Keeps a logged file as it is now until it is uploaded: small ones by a copy, large ones by a hard
 * link, which outlives the deletion or replacement of the original and costs nothing. Where no link
 * can be made (another disk) the original is used, and the upload refuses it if it was changed.
 */
record FileKeeper(RunFolder folder) {
  private static final Logger LOG = LoggerFactory.getLogger(FileKeeper.class);

  /** Keeps a file of the run. */
  Entry.Artifact keep(Path file, String path) throws IOException {
    return keep(file, "", path);
  }

  /** Keeps a file of a model of the run. */
  Entry.Artifact keep(Path file, String model, String path) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IOException("Cannot log a file: expected a readable file, got " + file);
    }
    Path kept = kept(file);
    return new Entry.Artifact(
        kept.startsWith(folder.path())
            ? folder.path().relativize(kept).toString()
            : kept.toString(),
        model,
        path,
        Files.size(kept),
        Files.getLastModifiedTime(kept).toMillis(),
        Sha256.of(kept));
  }

  Entry.Artifact keep(byte[] bytes, String path) throws IOException {
    Path target = target("bytes");
    Files.write(target, bytes);
    return keep(target, path);
  }

  private Path kept(Path file) throws IOException {
    Path target = target(file.getFileName().toString());
    if (file.startsWith(folder.files())) {
      return file;
    } else if (Files.size(file) <= Entry.Artifact.COPIED) {
      return Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
    }
    try {
      return Files.createLink(target, file);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (IOException | UnsupportedOperationException e) {
      LOG.debug("{} is uploaded from where it is: {}", file, e.toString());
      return file.toAbsolutePath();
    }
  }

  private Path target(String name) throws IOException {
    Files.createDirectories(folder.files());
    return folder.files().resolve(UUID.randomUUID() + "-" + name);
  }
}
