package simsiam.pipelines.source.archive;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import simsiam.pipelines.source.listing.RelativeName;
import simsiam.pipelines.source.listing.SourceFile;
import simsiam.pipelines.source.listing.SourceProblem;

/**
 * Collects the entries of an archive under names that stay inside it. One folder around everything
 * is left out of the names, as if its content had been packed alone; but not one called train,
 * which says what its content is for.
 */
public final class ArchiveListing {
  /** What macOS adds beside the files of an archive. */
  private static final String MAC_ATTRIBUTES = "__MACOSX";

  private final Path archive;
  private final NavigableMap<String, SourceFile> files = new TreeMap<>();
  private final NavigableSet<String> folders = new TreeSet<>();
  private final NavigableSet<String> hidden = new TreeSet<>();

  public ArchiveListing(Path archive) {
    this.archive = archive;
  }

  Path archive() {
    return archive;
  }

  void folder(String entry) {
    name(entry).filter(name -> !name.isEmpty()).ifPresent(this::addFolder);
  }

  /** Adds a file, unless it is hidden. */
  public void file(String entry, long bytes, SourceFile.Location at) {
    Optional<String> visible = name(entry);
    if (visible.isEmpty()) {
      return;
    }
    String name = visible.get();
    if (files.put(name, new SourceFile(name, bytes, at)) != null) {
      throw SourceProblem.of("each file once", "%s twice (%s)".formatted(name, archive));
    }
    int slash = name.lastIndexOf('/');
    if (slash > 0) {
      addFolder(name.substring(0, slash));
    }
  }

  /** Refuses what is neither file nor folder, unless it is hidden. */
  void other(String entry, String what) {
    name(entry)
        .ifPresent(
            name -> {
              throw SourceProblem.of(
                  "files and folders alone", "%s %s (%s)".formatted(what, name, archive));
            });
  }

  public ArchiveIndex index() {
    if (files.isEmpty()) {
      throw SourceProblem.of("an archive of images", "no files (%s)".formatted(archive));
    }
    String first = files.firstKey();
    String top = first.substring(0, Math.max(0, first.indexOf('/')));
    String prefix = top + "/";
    boolean around =
        !top.isEmpty()
            && !top.equals("train")
            && files.keySet().stream().allMatch(name -> name.startsWith(prefix))
            && folders.stream().allMatch(name -> name.equals(top) || name.startsWith(prefix));
    return around ? without(prefix) : new ArchiveIndex(archive, files, folders, hidden);
  }

  private ArchiveIndex without(String prefix) {
    NavigableMap<String, SourceFile> inner = new TreeMap<>();
    files
        .values()
        .forEach(
            file -> {
              String name = file.name().substring(prefix.length());
              inner.put(name, new SourceFile(name, file.bytes(), file.at()));
            });
    NavigableSet<String> innerFolders = new TreeSet<>();
    folders.stream()
        .filter(name -> name.length() > prefix.length())
        .forEach(name -> innerFolders.add(name.substring(prefix.length())));
    NavigableSet<String> innerHidden = new TreeSet<>();
    hidden.forEach(
        name -> innerHidden.add(name.startsWith(prefix) ? name.substring(prefix.length()) : name));
    return new ArchiveIndex(archive, inner, innerFolders, innerHidden);
  }

  private void addFolder(String name) {
    for (int end = name.length(); end > 0; end = name.lastIndexOf('/', end - 1)) {
      if (!folders.add(name.substring(0, end))) {
        return;
      }
    }
  }

  /** The entry's name without empty parts; nothing where it is hidden, which is noted. */
  private Optional<String> name(String entry) {
    String path = entry.replace('\\', '/');
    RelativeName.requireInside(path, archive.toString());
    List<String> parts =
        Arrays.stream(path.split("/", -1))
            .filter(part -> !part.isEmpty() && !part.equals("."))
            .toList();
    for (int i = 0; i < parts.size(); i++) {
      if (parts.get(i).startsWith(".") || parts.get(i).equals(MAC_ATTRIBUTES)) {
        boolean folder = i < parts.size() - 1 || path.endsWith("/");
        hidden.add(String.join("/", parts.subList(0, i + 1)) + (folder ? "/" : ""));
        return Optional.empty();
      }
    }
    return Optional.of(String.join("/", parts));
  }
}
