package simsiam.pipelines.source.folders;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import simsiam.pipelines.source.archive.ArchiveIndex;
import simsiam.pipelines.source.archive.PackedBytes;
import simsiam.pipelines.source.archive.TarStream;
import simsiam.pipelines.source.listing.SkippedFile;
import simsiam.pipelines.source.listing.SourceFile;
import simsiam.pipelines.source.listing.SourceProblem;
import simsiam.pipelines.spool.Sorting;
import simsiam.pipelines.spool.SpooledList;

/** The files of an archive. */
record ArchiveTree(ArchiveIndex index) implements ImageTree {
  @Override
  public Path path() {
    return index.archive();
  }

  @Override
  public String place(String name) {
    return name.isEmpty() ? index.archive().toString() : index.archive() + "!/" + name;
  }

  @Override
  public boolean isFolder(String name) {
    return name.isEmpty() || index.isFolder(name);
  }

  @Override
  public List<String> subfolders(String folder) {
    return index.subfolders(folder);
  }

  @Override
  public List<SkippedFile> beside(String folder, String reason) {
    Sorting<SkippedFile> skipped =
        new Sorting<>(SkippedFile.FORM, Comparator.comparing(SkippedFile::name));
    index.hiddenIn(folder, name -> skipped.add(SkippedFile.hidden(name)));
    index.filesIn(folder, name -> skipped.add(new SkippedFile(name, reason)));
    return skipped.list();
  }

  @Override
  public Below below(String folder) {
    SpooledList.Builder<SkippedFile> hidden = SpooledList.builder(SkippedFile.FORM);
    index.hiddenBelow(folder).forEach(name -> hidden.add(SkippedFile.hidden(name)));
    return new Below(index.filesBelow(folder), hidden.build());
  }

  @Override
  public Optional<byte[]> text(String name) {
    Optional<SourceFile> file = index.file(name);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(content(file.get()));
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
        index.archive(),
        List.of((SourceFile.Streamed) file.at()).iterator(),
        SourceFile.Streamed::entry,
        (entry, content, problem) -> found.set(content));
    if (found.get() == null) {
      throw new IOException("expected a small file, got %s bytes".formatted(file.bytes()));
    }
    return found.get();
  }
}
