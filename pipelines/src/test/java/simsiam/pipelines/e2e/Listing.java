package simsiam.pipelines.e2e;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The files of a tree that another process may be changing: what vanishes is passed over. */
final class Listing extends SimpleFileVisitor<Path> {
  private final Path root;
  private final List<String> files = new ArrayList<>();

  Listing(Path root) {
    this.root = root;
  }

  /** Relative to the root, sorted. */
  List<String> files() throws IOException {
    files.clear();
    Files.walkFileTree(root, this);
    Collections.sort(files);
    return List.copyOf(files);
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
    files.add(root.relativize(file).toString());
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
    return passOver(e);
  }

  @Override
  public FileVisitResult postVisitDirectory(Path folder, IOException e) throws IOException {
    return e == null ? FileVisitResult.CONTINUE : passOver(e);
  }

  private static FileVisitResult passOver(IOException e) throws IOException {
    if (e instanceof NoSuchFileException) {
      return FileVisitResult.CONTINUE;
    }
    throw e;
  }
}
