package simsiam.pipelines.source.records;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import simsiam.pipelines.source.digest.HeldFile;
import simsiam.pipelines.source.digest.SourceContents;
import simsiam.pipelines.source.listing.Directories;
import simsiam.pipelines.source.listing.SourceProblem;

/** The files of a data set of binary records, in a folder or in the official archive. */
final class RecordFiles {
  private RecordFiles() {}

  /**
   * The folder of the files, or the archive.
   *
   * @param path that the user gave: either, or a folder that holds one under its official name
   * @param set the data set's name
   * @param file one that is in the folder
   */
  static Path located(Path path, String set, String file, String folder, String archive) {
    if (Files.isRegularFile(path)) {
      return path;
    }
    if (!Files.isDirectory(path)) {
      throw SourceProblem.of(
          "the folder or archive of %s (or dataset.download: true)".formatted(set), path);
    }
    if (!Files.exists(path.resolve(file))) {
      if (Files.isDirectory(path.resolve(folder))) {
        return path.resolve(folder);
      }
      if (Files.isRegularFile(path.resolve(archive))) {
        return path.resolve(archive);
      }
    }
    return path;
  }

  /** The file, which must be there. */
  static Path present(Path file) {
    if (!Files.isRegularFile(file)) {
      throw SourceProblem.of(
          "a file %s (or dataset.download: true)".formatted(file.getFileName()),
          "none (%s)".formatted(file));
    }
    return file;
  }

  /** Records of a file, which must be there and have nothing else. */
  static int count(Path file, int recordBytes) {
    long bytes = Directories.file(present(file)).bytes();
    if (bytes == 0 || bytes % recordBytes != 0) {
      throw SourceProblem.of(
          "whole records of %s bytes in %s".formatted(recordBytes, file.getFileName()),
          "%s bytes, which end inside record %s (%s)".formatted(bytes, bytes / recordBytes, file));
    }
    return Math.toIntExact(bytes / recordBytes);
  }

  /**
   * A file as workers must find it.
   *
   * @param file of the source, or unpacked from it just now
   * @param scratch where it is unpacked
   */
  static HeldFile held(Path file, SourceContents contents, Path scratch) {
    try {
      return file.startsWith(scratch) ? HeldFile.own(file) : contents.held(file);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read %s: %s".formatted(file, e.getMessage()), e);
    }
  }
}
