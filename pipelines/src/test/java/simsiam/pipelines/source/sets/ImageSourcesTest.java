package simsiam.pipelines.source.sets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.config.InvalidConfigException;
import simsiam.pipelines.config.DatasetSpec;
import simsiam.pipelines.config.SourceKind;
import simsiam.pipelines.source.Fixtures;
import simsiam.pipelines.source.ImageSource;
import simsiam.pipelines.source.folders.FolderSource;
import simsiam.pipelines.source.records.CifarSource;
import simsiam.pipelines.source.records.StlSource;
import simsiam.pipelines.source.tables.ParquetSource;

class ImageSourcesTest {
  @TempDir Path datasets;

  @Test
  void anEmptyPathMeansTheFolderOfDownloads() {
    Path mnist = datasets.resolve("mnist");
    Fixtures.idx(Fixtures.write(mnist.resolve("x"), new byte[1]).getParent(), "train", 3, true);
    Fixtures.idx(mnist, "t10k", 2, true);

    ImageSource source = open(SourceKind.MNIST, "");

    source.check();
    assertThat(source.classNames()).hasSize(10);
  }

  @Test
  void downloadedFashionMnistComesBeforeTheSystems() throws Exception {
    Path own = Files.createDirectory(datasets.resolve("fashion_mnist"));

    assertThat(ImageSources.place(spec(SourceKind.FASHION_MNIST, ""), datasets)).isEqualTo(own);
  }

  @Test
  void eachKindHasItsSource() {
    assertThat(open(SourceKind.CIFAR10, "x")).isInstanceOf(CifarSource.class);
    assertThat(open(SourceKind.CIFAR100, "x")).isInstanceOf(CifarSource.class);
    assertThat(open(SourceKind.FASHION_MNIST, "x").classNames()).contains("Ankle boot");
    assertThat(open(SourceKind.IMAGE_FOLDER, "x")).isInstanceOf(FolderSource.class);
    assertThat(open(SourceKind.UNLABELLED_FOLDER, "x")).isInstanceOf(FolderSource.class);
    assertThat(open(SourceKind.TINY_IMAGENET, "x")).isInstanceOf(FolderSource.class);
    assertThat(open(SourceKind.IMAGENET, "x")).isInstanceOf(FolderSource.class);
    assertThat(open(SourceKind.IMAGE_LIST, "x")).isInstanceOf(FolderSource.class);
    assertThat(open(SourceKind.STL10, "x")).isInstanceOf(StlSource.class);
    assertThat(open(SourceKind.HF_PARQUET, "x")).isInstanceOf(ParquetSource.class);
  }

  @Test
  void aMissingDownloadIsNamedBeforeAnyWork() {
    ImageSource source = open(SourceKind.CIFAR10, "");

    assertThatThrownBy(source::check)
        .isInstanceOf(InvalidConfigException.class)
        .hasMessage(
            "Invalid dataset.path: expected the folder or archive of cifar10 (or"
                + " dataset.download: true), got %s".formatted(datasets.resolve("cifar10")));
  }

  @Test
  void bothFormsOfStl10ShareOneDownload() {
    assertThat(ImageSources.place(spec(SourceKind.STL10_WITH_UNLABELLED, ""), datasets))
        .isEqualTo(ImageSources.place(spec(SourceKind.STL10, ""), datasets))
        .isEqualTo(datasets.resolve("stl10"));
  }

  @Test
  void aSetHasFilesToDownloadWhereItIsPublished() {
    for (SourceKind kind : SourceKind.values()) {
      assertThat(PublishedSet.of(kind).isPresent()).as("%s", kind).isEqualTo(kind.published());
    }
  }

  @Test
  void aPublishedSetIsOpenedWhereItIsLookedForAndFetchedThere() {
    for (SourceKind kind : SourceKind.values()) {
      if (kind.published()) {
        Path place = PublishedSet.of(kind).orElseThrow().place(datasets);
        assertThat(ImageSources.place(spec(kind, ""), datasets)).as("%s", kind).isEqualTo(place);
        assertThat(PublishedSet.of(kind).orElseThrow().missing(datasets.resolve("empty")))
            .as("%s", kind)
            .isNotEmpty();
      }
    }
  }

  private ImageSource open(SourceKind kind, String path) {
    return ImageSources.open(spec(kind, path), datasets);
  }

  private static DatasetSpec spec(SourceKind kind, String path) {
    return DatasetSpec.of(kind, path, false, 0);
  }
}
