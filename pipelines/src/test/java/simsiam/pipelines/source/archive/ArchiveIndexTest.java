package simsiam.pipelines.source.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import simsiam.pipelines.source.listing.SourceFile;

/** Indices of made-up archives beside what sorted maps in memory say of the same entries. */
class ArchiveIndexTest {
  private static final Path ARCHIVE = Path.of("made-up.tar");
  private static final List<String> PARTS =
      List.of("a", "a-", "a0", "b", "train", ".x", "\ud83d\ude00", "\ufb01", "__MACOSX", "B");

  /** What was put into an archive: folders end with a slash. */
  private static List<String> entries(Random random) {
    String around =
        switch (random.nextInt(4)) {
          case 0 -> "train/";
          case 1 -> "top/";
          default -> "";
        };
    List<String> entries = new ArrayList<>();
    TreeSet<String> names = new TreeSet<>();
    for (int i = 0; i < 40; i++) {
      StringBuilder name = new StringBuilder(around);
      for (int depth = random.nextInt(4); depth >= 0; depth--) {
        name.append(PARTS.get(random.nextInt(PARTS.size()))).append(depth > 0 ? "/" : "");
      }
      boolean folder = random.nextInt(5) == 0;
      if (names.add(name.toString())) {
        entries.add((random.nextBoolean() ? "./" : "") + name + (folder ? "/" : ""));
      }
    }
    if (random.nextInt(4) == 0) {
      entries.add(random.nextBoolean() ? ".DS_Store" : "top/");
    }
    return entries;
  }

  /** The same with sets in memory. */
  private static final class Naive {
    final TreeMap<String, Long> files = new TreeMap<>();
    final TreeSet<String> folders = new TreeSet<>();
    final TreeSet<String> hidden = new TreeSet<>();

    Naive(List<String> entries) {
      for (int i = 0; i < entries.size(); i++) {
        add(entries.get(i), i);
      }
      String top = files.isEmpty() ? "" : files.firstKey().split("/", -1)[0];
      boolean around =
          !top.equals("train")
              && files.keySet().stream().allMatch(name -> name.startsWith(top + "/"))
              && folders.stream().allMatch(name -> (name + "/").startsWith(top + "/"));
      if (around) {
        int cut = top.length() + 1;
        new ArrayList<>(files.keySet())
            .forEach(name -> files.put(name.substring(cut), files.remove(name)));
        folders.remove(top);
        for (TreeSet<String> names : List.of(folders, hidden)) {
          for (String name : names.toArray(new String[0])) {
            if (name.startsWith(top + "/")) {
              names.remove(name);
              names.add(name.substring(cut));
            }
          }
        }
      }
    }

    private void add(String entry, long number) {
      List<String> parts =
          Arrays.stream(entry.split("/", -1)).filter(p -> !p.isEmpty() && !p.equals(".")).toList();
      for (int i = 0; i < parts.size(); i++) {
        String name = String.join("/", parts.subList(0, i + 1));
        boolean last = i == parts.size() - 1 && !entry.endsWith("/");
        if (parts.get(i).startsWith(".") || parts.get(i).equals("__MACOSX")) {
          hidden.add(last ? name : name + "/");
          // The folders that a hidden file lies in are those of other files, or none.
          return;
        }
      }
      for (int i = 1; i < parts.size() + (entry.endsWith("/") ? 1 : 0); i++) {
        folders.add(String.join("/", parts.subList(0, i)));
      }
      if (!entry.endsWith("/")) {
        files.put(String.join("/", parts), number);
      }
    }

    Stream<String> in(String folder, Set<String> names) {
      String prefix = folder.isEmpty() ? "" : folder + "/";
      return names.stream()
          .filter(name -> name.startsWith(prefix))
          .filter(name -> name.substring(prefix.length()).matches("(?s)[^/]+/?"));
    }
  }

  private static ArchiveIndex index(List<String> entries) {
    ArchiveListing listing = new ArchiveListing(ARCHIVE);
    for (int i = 0; i < entries.size(); i++) {
      if (entries.get(i).endsWith("/")) {
        listing.folder(entries.get(i));
      } else {
        listing.file(entries.get(i), i, new SourceFile.Packed(ARCHIVE, i, 1, false, -1));
      }
    }
    return listing.index();
  }

  @Test
  void saysWhatSetsInMemorySay() {
    Random random = new Random(1);
    for (int round = 0; round < 300; round++) {
      List<String> entries = entries(random);
      Naive naive = new Naive(entries);
      if (naive.files.isEmpty()) {
        continue;
      }
      ArchiveIndex index = index(entries);

      assertThat(index.files())
          .as("%s", entries)
          .extracting(file -> file.name() + " " + file.bytes() + " " + file.at())
          .isEqualTo(
              naive.files.entrySet().stream()
                  .map(
                      file ->
                          file.getKey()
                              + " "
                              + file.getValue()
                              + " "
                              + new SourceFile.Packed(ARCHIVE, file.getValue(), 1, false, -1))
                  .toList());
      assertThat(index.folders()).as("%s", entries).isEqualTo(List.copyOf(naive.folders));
      assertThat(index.hidden()).as("%s", entries).isEqualTo(List.copyOf(naive.hidden));
      TreeSet<String> asked = new TreeSet<>(naive.folders);
      asked.addAll(List.of("", "a", "c", "train/a"));
      asked.forEach(folder -> assertFolder(index, naive, folder));
      naive.files.forEach(
          (name, number) ->
              assertThat(index.file(name)).get().extracting(SourceFile::bytes).isEqualTo(number));
      assertThat(index.file("zebra")).isEmpty();
      assertThat(index.file("")).isEmpty();
    }
  }

  private static void assertFolder(ArchiveIndex index, Naive naive, String folder) {
    String prefix = folder.isEmpty() ? "" : folder + "/";
    TreeSet<String> files = new TreeSet<>(naive.files.keySet());
    assertThat(index.filesBelow(folder))
        .extracting(SourceFile::name)
        .isEqualTo(files.stream().filter(name -> name.startsWith(prefix)).toList());
    assertThat(index.hiddenBelow(folder))
        .isEqualTo(naive.hidden.stream().filter(name -> name.startsWith(prefix)).toList());
    List<String> in = new ArrayList<>();
    index.filesIn(folder, in::add);
    assertThat(in).isEqualTo(naive.in(folder, files).toList());
    List<String> hiddenIn = new ArrayList<>();
    index.hiddenIn(folder, hiddenIn::add);
    assertThat(hiddenIn).isEqualTo(naive.in(folder, naive.hidden).toList());
    assertThat(index.subfolders(folder))
        .isEqualTo(
            naive.in(folder, naive.folders).map(name -> name.substring(prefix.length())).toList());
    assertThat(index.isFolder(folder)).isEqualTo(naive.folders.contains(folder));
  }

  /** A list in memory of ten thousand folders is begun anew: none may be there twice for that. */
  @Test
  void manyFoldersAreThereOnceEach() {
    List<String> entries = new ArrayList<>();
    for (int i = 0; i < 30_000; i++) {
      entries.add("f%s/a/%s.png".formatted(i * 7 % 15_000, i));
    }

    ArchiveIndex index = index(entries);

    assertThat(index.folders()).hasSize(30_000).doesNotHaveDuplicates().isSorted();
    assertThat(index.subfolders("")).hasSize(15_000).isSorted();
    assertThat(index.filesBelow("f7")).hasSize(2);
  }

  @Test
  void anArchiveWithoutFilesIsRefused() {
    assertThatThrownBy(() -> index(List.of("a/", ".x")))
        .hasMessage(
            "Invalid dataset.path: expected an archive of images, got no files (made-up.tar)");
  }
}
