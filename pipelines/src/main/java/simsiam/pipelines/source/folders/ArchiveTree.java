package simsiam.pipelines.source.folders;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import simsiam.pipelines.source.archive.ArchiveIndex;
import simsiam.pipelines.source.archive.PackedBytes;
import simsiam.pipelines.source.archive.TarStream;
import simsiam.pipelines.source.listing.SkippedFile;
import simsiam.pipelines.source.listing.SourceFile;
import simsiam.pipelines.source.listing.SourceProblem;

/** The files of an archive. */
record ArchiveTree(ArchiveIndex index) implements ImageTree {
  /** The character after the one that ends a folder's name. */
  private static final String AFTER_SLASH = "0";

  @Override
  public String place(String name) {
    return name.isEmpty() ? index.archive().toString() : index.archive() + "!/" + name;
  }

  @Override
  public boolean isFolder(String name) {
    return name.isEmpty() || index.folders().contains(name);
  }

  @Override
  public List<String> subfolders(String folder) {
    String prefix = folder.isEmpty() ? "" : folder + "/";
    return index.folders().stream()
        .filter(name -> name.startsWith(prefix) && name.indexOf('/', prefix.length()) < 0)
        .map(name -> name.substring(prefix.length()))
        .toList();
  }

  @Override
  public List<SkippedFile> beside(String folder, String reason) {
    int start = folder.isEmpty() ? 0 : folder.length() + 1;
    return Stream.concat(
            hiddenBelow(folder).stream()
                .filter(name -> directlyAt(start, name))
                .map(SkippedFile::hidden),
            below(folder).files().stream()
                .map(SourceFile::name)
                .filter(name -> directlyAt(start, name))
                .map(name -> new SkippedFile(name, reason)))
        .sorted(Comparator.comparing(SkippedFile::name))
        .toList();
  }

  /** Whether there is no folder in a name between a place and its end. */
  private static boolean directlyAt(int start, String name) {
    int slash = name.indexOf('/', start);
    return slash < 0 || slash == name.length() - 1;
  }

  @Override
  public Below below(String folder) {
    return new Below(
        folder.isEmpty()
            ? List.copyOf(index.files().values())
            : List.copyOf(index.files().subMap(folder + "/", folder + AFTER_SLASH).values()),
        hiddenBelow(folder).stream().map(SkippedFile::hidden).toList());
  }

  private Collection<String> hiddenBelow(String folder) {
    return folder.isEmpty()
        ? index.hidden()
        : index.hidden().subSet(folder + "/", folder + AFTER_SLASH);
  }

  @Override
  public Optional<byte[]> text(String name) {
    SourceFile file = index.files().get(name);
    if (file == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(content(file));
    } catch (IOException e) {
      throw SourceProblem.of(
          "a readable " + name, "%s (%s)".formatted(e.getMessage(), index.archive()));
    }
  }

  private byte[] content(SourceFile file) throws IOException {
    if (file.at() instanceof SourceFile.Packed packed) {
      try (SeekableByteChannel channel = Files.newByteChannel(index.archive())) {
        return PackedBytes.read(channel, packed, file.bytes());
      }
    }
    AtomicReference<byte[]> found = new AtomicReference<>();
    TarStream.read(
        index.archive(), List.of(file), (position, content, problem) -> found.set(content));
    if (found.get() == null) {
      throw new IOException("expected a small file, got %s bytes".formatted(file.bytes()));
    }
    return found.get();
  }
}
