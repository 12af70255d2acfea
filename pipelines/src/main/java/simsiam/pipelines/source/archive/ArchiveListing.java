package simsiam.pipelines.source.archive;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import simsiam.pipelines.source.listing.RelativeName;
import simsiam.pipelines.source.listing.SourceFile;
import simsiam.pipelines.source.listing.SourceFileForm;
import simsiam.pipelines.source.listing.SourceProblem;
import simsiam.pipelines.spool.DistinctTexts;
import simsiam.pipelines.spool.Sorting;
import simsiam.pipelines.spool.SpooledList;

/**
 * Collects the entries of an archive under names that stay inside it. One folder around everything
 * is left out of the names, as if its content had been packed alone; but not one called train,
 * which says what its content is for.
 */
public final class ArchiveListing {
  /** What macOS adds beside the files of an archive. */
  private static final String MAC_ATTRIBUTES = "__MACOSX";

  private final Path archive;
  private final SpooledList.Form<SourceFile> form;
  private final Sorting<SourceFile> files;
  private final DistinctTexts folders = new DistinctTexts();
  private final DistinctTexts hidden = new DistinctTexts();
  private boolean empty = true;

  /** The folder around all that was added; null before anything was, empty where there is none. */
  private String top;

  public ArchiveListing(Path archive) {
    this.archive = archive;
    this.form = new SourceFileForm(archive);
    this.files = new Sorting<>(form, Comparator.comparing(SourceFile::name));
  }

  Path archive() {
    return archive;
  }

  void folder(String entry) {
    name(entry)
        .filter(name -> !name.isEmpty())
        .ifPresent(
            name -> {
              addFolder(name);
              within(name + "/");
            });
  }

  /** Adds a file, unless it is hidden. */
  public void file(String entry, long bytes, SourceFile.Location at) {
    Optional<String> visible = name(entry);
    if (visible.isEmpty()) {
      return;
    }
    String name = visible.get();
    files.add(new SourceFile(name, bytes, at));
    empty = false;
    within(name);
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

  /**
   * What was collected; nothing may be added any more.
   *
   * @throws InvalidConfigException if there are no files, or two of one name
   */
  public ArchiveIndex index() {
    if (empty) {
      throw SourceProblem.of("an archive of images", "no files (%s)".formatted(archive));
    }
    String prefix = top.isEmpty() || top.equals("train") ? "" : top + "/";
    SpooledList.Builder<SourceFile> inner = SpooledList.builder(form);
    String before = null;
    for (Iterator<SourceFile> sorted = files.iterator(); sorted.hasNext(); ) {
      SourceFile file = sorted.next();
      if (file.name().equals(before)) {
        throw SourceProblem.of("each file once", "%s twice (%s)".formatted(before, archive));
      }
      before = file.name();
      inner.add(prefix.isEmpty() ? file : file.named(before.substring(prefix.length())));
    }
    return prefix.isEmpty()
        ? new ArchiveIndex(archive, inner.build(), folders.list(), hidden.list())
        : new ArchiveIndex(
            archive, inner.build(), without(prefix, folders), without(prefix, hidden));
  }

  /** The names inside the folder around all; that of the folder itself is left out. */
  private static SpooledList<String> without(String prefix, DistinctTexts names) {
    DistinctTexts inner = new DistinctTexts();
    for (String name : names.list()) {
      if (name.startsWith(prefix)) {
        inner.add(name.substring(prefix.length()));
      } else if (!prefix.equals(name + "/")) {
        inner.add(name);
      }
    }
    return inner.list();
  }

  /** Notes the outermost folder of a name. */
  private void within(String name) {
    String own = name.substring(0, Math.max(0, name.indexOf('/')));
    if (top == null) {
      top = own;
    } else if (!top.equals(own)) {
      top = "";
    }
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
