package simsiam.pipelines.source.digest;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.pipelines.source.Fixtures;
import simsiam.pipelines.source.Packing;
import simsiam.pipelines.source.folders.ClassFolders;
import simsiam.pipelines.source.folders.FolderLayout;
import simsiam.pipelines.source.folders.FolderSource;
import simsiam.pipelines.source.folders.UnlabelledFiles;
import simsiam.pipelines.source.tables.ImageList;
import simsiam.pipelines.source.tables.ParquetSource;

/**
 * Digests of sources as they were when weeks of training were done on them: another digest is
 * another fingerprint, and all would be done again.
 */
class KeptDigestsTest {
  @TempDir Path root;
  @TempDir Path cache;

  @Test
  void classFoldersWithSplits() {
    files("train/cat/a", "train/dog/b/c", "val/cat/d", "train/cat/.DS_Store", "train/notes.txt");
    assertThat(digest(new ClassFolders(root)))
        .isEqualTo("3a7029ab89b6895f04735c7681ebffef2503e00065361036c320ef53aa2f2906");

    files("test/cat/e", "valid/cat/f", "docs/g", "Train/cat/h");
    assertThat(digest(new ClassFolders(root)))
        .isEqualTo("3a7029ab89b6895f04735c7681ebffef2503e00065361036c320ef53aa2f2906");
  }

  @Test
  void testIsReadWhereThereIsNoVal() {
    files("train/cat/a", "train/dog/b", "test/cat/c", "valid/cat/d");

    assertThat(digest(new ClassFolders(root)))
        .isEqualTo("6482dc2e7cdd1d4a3e2b4b9619c53e5dd840ffd02148b00ba855b03d929cc689");
  }

  @Test
  void classFoldersAlone() {
    files("cat/a", "dog/b", "dog/deep/c", ".git/HEAD", "README");

    assertThat(digest(new ClassFolders(root)))
        .isEqualTo("aa0df62f20c0592a61093304dbf2ee6fd79cdec7aacfaa3c3f0ca2a4c4662007");
    assertThat(
            new FolderSource("image_folder", new ClassFolders(root), 2).contents(none()).digest())
        .isEqualTo("6e8340b9d276420755b77b30d29229bc178ef5777a4aca89e47f3365aac9d5d6");
    assertThat(
            new FolderSource("unlabelled_folder", new UnlabelledFiles(root), 0)
                .contents(none())
                .digest())
        .isEqualTo("1b56959e0a0cd808fa45238d25585a659356f69d60524430eeca19aa90f3e62b");
  }

  @Test
  void aTrainFolderAlone() {
    files("train/cat/a", "train/dog/b");

    assertThat(digest(new ClassFolders(root)))
        .isEqualTo("00f4fc27fe262b204e9dd77f0406832df5135fa9ce650f9fb7dcdefeda18a651");
  }

  @Test
  void aClassCalledLikeASplitInsideSplits() {
    files("train/valid/a", "train/invalid/b", "val/valid/c");

    assertThat(digest(new ClassFolders(root)))
        .isEqualTo("7d75862af2f0b41f4ba7aa7c240544c58d4786ff7193f94cad5907957d69b05e");
  }

  @Test
  void lists() {
    files("a", "b", "c", "d");
    Path list = root.resolve("list.csv");
    text(list, "path,label,split\na,10,train\nb,9,val\nc,,train\nd,9,test\n");
    assertThat(new FolderSource("image_list", new ImageList(list), 0).contents(none()).digest())
        .isEqualTo("6d7d313a6cf8aae2fbe2362531c355472c3abd8526b35b866a526e0613f52e9c");

    text(list, "path,label\na,x\nb,y\nc,x\n");
    assertThat(new FolderSource("image_list", new ImageList(list), 0).contents(none()).digest())
        .isEqualTo("e8e8efdb313f8fd8bb468f409d173b67c36832149868eff2fe47eb7dfb94dd12");
    text(list, "path,split\na,train\nb,train\n");
    assertThat(new FolderSource("image_list", new ImageList(list), 0).contents(none()).digest())
        .isEqualTo("ee64c048bbd60f3d1f23f9e784eb6d0d76cf890419090b60f962a0980f64b6e0");
  }

  /** What was a class without a file of names is still one with it. */
  @Test
  void minusOneStaysAClassWhereAFileNamesIt() {
    files("a", "b", "c");
    Path list = root.resolve("list.csv");
    text(list, "path,label\na,-1\nb,1\nc,-1\n");
    text(root.resolve("class_names.txt"), "-1\n1\n");

    assertThat(new FolderSource("image_list", new ImageList(list), 0).contents(none()).digest())
        .isEqualTo("17894d7f6ee90dca59ab77bd5a32edfe6fc37f0371d4bab7d341968133260dab");
  }

  @Test
  void parquet() throws URISyntaxException {
    Path hub =
        Path.of(
            Objects.requireNonNull(KeptDigestsTest.class.getResource("/source/hf"), "hf").toURI());

    assertThat(new ParquetSource(hub, 0, "").contents(none()).digest())
        .isEqualTo("61cb637c8176a32089a95a1954d390a2bb30858a17eaf7b33b1cff5483ca9dd0");
    assertThat(
            new ParquetSource(hub.resolve("train-00000-of-00002.parquet"), 0, "")
                .contents(none())
                .digest())
        .isEqualTo("38362807e18d86c702dee3de3278702c225ae25f93a7f1b5fe813281570c5202");
  }

  @Test
  void anArchive() {
    files("images/Training/cat/a", "images/Training/dog/b", "images/Training/.x");
    for (String suffix : List.of("zip", "tar", "tar.gz")) {
      Path archive = Packing.pack(cache.resolve("a." + suffix), root.resolve("images"), "");
      assertThat(digest(new ClassFolders(archive)))
          .isEqualTo("9f4693cd8fe572866cfe67c234a062e1902404b94348586d5b9dd2657609b40c");
    }
  }

  private void files(String... names) {
    for (String name : names) {
      text(root.resolve(name), name);
    }
  }

  private static void text(Path file, String text) {
    Fixtures.write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  private String digest(FolderLayout layout) {
    return new FolderSource("image_folder", layout, 0).contents(none()).digest();
  }

  private DigestCache none() {
    return DigestCache.open(cache.resolve("none"));
  }
}
