package simsiam.pipelines.source.sets;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import simsiam.pipelines.config.DatasetSpec;
import simsiam.pipelines.remote.Places;
import simsiam.pipelines.source.ImageSource;
import simsiam.pipelines.source.folders.ClassFolders;
import simsiam.pipelines.source.folders.FolderLayout;
import simsiam.pipelines.source.folders.FolderSource;
import simsiam.pipelines.source.folders.ImageNet;
import simsiam.pipelines.source.folders.PascalVoc;
import simsiam.pipelines.source.folders.TinyImageNet;
import simsiam.pipelines.source.folders.UnlabelledFiles;
import simsiam.pipelines.source.listing.SourceProblem;
import simsiam.pipelines.source.records.CifarSource;
import simsiam.pipelines.source.records.CifarVariant;
import simsiam.pipelines.source.records.IdxSource;
import simsiam.pipelines.source.records.StlSource;
import simsiam.pipelines.source.tables.ImageList;
import simsiam.pipelines.source.tables.ParquetSource;
import simsiam.pipelines.source.webdataset.WebDatasetSource;

/** Opens the source that a configuration names. */
public final class ImageSources {
  private static final List<String> DIGITS =
      List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
  private static final List<String> CLOTHES =
      List.of(
          "T-shirt/top",
          "Trouser",
          "Pullover",
          "Dress",
          "Coat",
          "Sandal",
          "Shirt",
          "Sneaker",
          "Bag",
          "Ankle boot");

  private ImageSources() {}

  /**
   * The source; nothing is read yet.
   *
   * @param datasets folder of downloaded data sets, one folder each
   */
  public static ImageSource open(DatasetSpec spec, Path datasets) {
    Path place = place(spec, datasets);
    return switch (spec.source()) {
      case CIFAR10 -> new CifarSource(CifarVariant.CIFAR10, place, spec.limit());
      case CIFAR100 -> new CifarSource(CifarVariant.CIFAR100, place, spec.limit());
      case MNIST -> new IdxSource("mnist", DIGITS, place, spec.limit());
      case FASHION_MNIST -> new IdxSource("fashion_mnist", CLOTHES, place, spec.limit());
      case STL10 -> new StlSource(place, false, spec.limit());
      case STL10_WITH_UNLABELLED -> new StlSource(place, true, spec.limit());
      case HF_PARQUET -> new ParquetSource(place, spec.limit(), labelColumn(spec));
      case WEBDATASET -> new WebDatasetSource(place, spec.limit(), labelKey(spec));
      case TINY_IMAGENET -> files(spec, new TinyImageNet(place));
      case IMAGENET -> files(spec, new ImageNet(place));
      case IMAGE_FOLDER -> files(spec, new ClassFolders(place));
      case UNLABELLED_FOLDER -> files(spec, new UnlabelledFiles(place));
      case PASCAL_VOC -> files(spec, new PascalVoc(place));
      case IMAGE_LIST -> files(spec, new ImageList(place, labelSeparator(spec)));
    };
  }

  private static String labelColumn(DatasetSpec spec) {
    return spec instanceof DatasetSpec.HubParquet set ? set.labelColumn() : "";
  }

  private static String labelSeparator(DatasetSpec spec) {
    return spec instanceof DatasetSpec.ListedImages list ? list.labelSeparator() : "";
  }

  private static String labelKey(DatasetSpec spec) {
    return spec instanceof DatasetSpec.TarShards set ? set.labelKey() : "";
  }

  private static FolderSource files(DatasetSpec spec, FolderLayout layout) {
    String name = spec.source().name().toLowerCase(Locale.ROOT);
    return new FolderSource(name, layout, spec.limit());
  }

  /** The configured path, or the source's usual place. */
  static Path place(DatasetSpec spec, Path datasets) {
    if (!spec.path().isBlank()) {
      return Places.path(spec.path());
    }
    return PublishedSet.of(spec.source())
        .orElseThrow(() -> SourceProblem.of("a folder or file of images", "an empty path"))
        .place(datasets);
  }
}
