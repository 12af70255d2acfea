package simsiam.pipelines.source.archive;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import simsiam.model.config.InvalidConfigException;
import simsiam.model.config.Reason;
import simsiam.pipelines.source.listing.SourceFile;
import simsiam.pipelines.source.listing.SourceProblem;
import simsiam.pipelines.spool.SpooledList;

/**
 * What an archive holds. A zip archive is listed from its directory, a plain tar archive from its
 * headers, a compressed one by reading it through. Its lists need not be in memory.
 *
 * @param files sorted by name, each name once
 * @param folders all of them, at any depth, sorted
 * @param hidden files and folders that are left out, with what is in them, sorted; folders end with
 *     {@code /}
 */
public record ArchiveIndex(
    Path archive,
    SpooledList<SourceFile> files,
    SpooledList<String> folders,
    SpooledList<String> hidden) {
  /** The character after the one that ends a folder's name. */
  private static final String AFTER_SLASH = "0";

  private static final LastIndex LAST = new LastIndex(ArchiveIndex::read);

  /**
   * The index of an archive.
   *
   * @throws InvalidConfigException if it is damaged, cut, or has names that lead out of it
   */
  public static ArchiveIndex of(Path archive) {
    return LAST.of(archive);
  }

  public static ArchiveIndex read(Path archive) {
    ArchiveFormat format = ArchiveFormat.of(archive);
    ArchiveListing listing = new ArchiveListing(archive);
    try {
      if (format == ArchiveFormat.ZIP) {
        ZipDirectory.list(archive, listing);
      } else {
        TarStream.list(archive, format, listing);
      }
    } catch (InvalidConfigException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // Readers of archives throw anything from NegativeArraySize to IllegalArgument.
      throw damaged(archive, format, e);
    }
    return listing.index();
  }

  public static InvalidConfigException damaged(Path archive, ArchiveFormat format, Exception e) {
    return SourceProblem.of(
        "a whole archive (%s)".formatted(format.name().toLowerCase(Locale.ROOT)),
        "%s (%s)".formatted(Reason.of(e), archive));
  }

  /** The file of that name, if there is one. */
  public Optional<SourceFile> file(String name) {
    int at = from(files, SourceFile::name, name);
    return at < files.size() && files.get(at).name().equals(name)
        ? Optional.of(files.get(at))
        : Optional.empty();
  }

  public boolean isFolder(String name) {
    int at = from(folders, text -> text, name);
    return at < folders.size() && folders.get(at).equals(name);
  }

  /** Files at any depth below a folder; all of them where its name is empty. */
  public List<SourceFile> filesBelow(String folder) {
    return below(files, SourceFile::name, folder);
  }

  /** The same of what is hidden. */
  public List<String> hiddenBelow(String folder) {
    return below(hidden, name -> name, folder);
  }

  /** Names of the files directly in a folder, sorted. */
  public void filesIn(String folder, Consumer<String> names) {
    in(files, SourceFile::name, folder, names);
  }

  /** The same of what is hidden. */
  public void hiddenIn(String folder, Consumer<String> names) {
    in(hidden, name -> name, folder, names);
  }

  /** The folders directly in a folder, by their names in it. */
  public List<String> subfolders(String folder) {
    List<String> names = new ArrayList<>();
    int start = folder.isEmpty() ? 0 : folder.length() + 1;
    in(folders, name -> name, folder, name -> names.add(name.substring(start)));
    return names;
  }

  private static <T> int from(SpooledList<T> sorted, Function<T, String> name, String key) {
    return sorted.first(value -> name.apply(value).compareTo(key) >= 0);
  }

  private static <T> SpooledList<T> below(
      SpooledList<T> sorted, Function<T, String> name, String folder) {
    return folder.isEmpty()
        ? sorted
        : sorted.subList(
            from(sorted, name, folder + "/"), from(sorted, name, folder + AFTER_SLASH));
  }

  private static <T> void in(
      SpooledList<T> sorted, Function<T, String> name, String folder, Consumer<String> names) {
    SpooledList<T> left = below(sorted, name, folder);
    int start = folder.isEmpty() ? 0 : folder.length() + 1;
    while (!left.isEmpty()) {
      int next = left.size();
      for (T value : left) {
        String full = name.apply(value);
        int slash = full.indexOf('/', start);
        if (slash >= 0 && slash < full.length() - 1) { // and so is all that follows below it
          next = from(left, name, full.substring(0, slash) + AFTER_SLASH);
          break;
        }
        names.accept(full);
      }
      left = left.subList(next, left.size());
    }
  }
}
