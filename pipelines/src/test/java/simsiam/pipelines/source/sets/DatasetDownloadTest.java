package simsiam.pipelines.source.sets;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.pipelines.config.DatasetSpec;
import simsiam.pipelines.config.SourceKind;
import simsiam.pipelines.source.Fixtures;

class DatasetDownloadTest {
  @TempDir Path datasets;

  @Test
  void isNeededWhereNothingIsThere() {
    assertThat(needed(SourceKind.CIFAR10, true)).isTrue();
    assertThat(needed(SourceKind.CIFAR10, false)).isFalse();
    assertThat(needed(SourceKind.MNIST, true)).isTrue();
  }

  @Test
  void isNotNeededWhereTheSetIsUnpackedOrPacked() {
    Fixtures.cifar10(datasets.resolve("cifar10/cifar-10-batches-bin"), 1);
    assertThat(needed(SourceKind.CIFAR10, true)).isFalse();

    Fixtures.write(datasets.resolve("cifar100/cifar-100-binary.tar.gz"), new byte[1]);
    assertThat(needed(SourceKind.CIFAR100, true)).isFalse();

    assertThat(needed(SourceKind.STL10, true)).isTrue();
    Fixtures.write(datasets.resolve("stl10/stl10_binary/test_X.bin"), new byte[1]);
    assertThat(needed(SourceKind.STL10, true)).isFalse();
    assertThat(needed(SourceKind.STL10_WITH_UNLABELLED, true)).isFalse();

    assertThat(needed(SourceKind.TINY_IMAGENET, true)).isTrue();
    Fixtures.write(datasets.resolve("tiny_imagenet/tiny-imagenet-200.zip"), new byte[1]);
    assertThat(needed(SourceKind.TINY_IMAGENET, true)).isFalse();
  }

  @Test
  void isNeededWhereOneOfFourFilesIsMissing() {
    Path folder = datasets.resolve("mnist");
    Fixtures.write(folder.resolve("x"), new byte[1]);
    Fixtures.idx(folder, "train", 1, true);
    assertThat(needed(SourceKind.MNIST, true)).isTrue();

    Fixtures.idx(folder, "t10k", 1, false);
    assertThat(needed(SourceKind.MNIST, true)).isFalse();
  }

  private boolean needed(SourceKind kind, boolean download) {
    return DatasetDownload.needed(DatasetSpec.of(kind, "", download, 0), datasets);
  }
}
