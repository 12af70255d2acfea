package simsiam.pipelines.stages.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.data.ImageEncoding;
import simsiam.pipelines.config.DatasetSpec;
import simsiam.pipelines.config.PreprocessSpec;
import simsiam.pipelines.config.SourceKind;
import simsiam.pipelines.preprocess.PreparedSummary;
import simsiam.pipelines.preprocess.PreprocessPipeline;
import simsiam.pipelines.source.Fixtures;
import simsiam.pipelines.source.ImageSource;
import simsiam.pipelines.source.Packing;
import simsiam.pipelines.source.digest.SourceContents;
import simsiam.pipelines.source.sets.ImageSources;
import simsiam.pipelines.stage.Runner;

/** Data sets that change after they were planned, read by the real pipeline. */
class PlannedSourceTest {
  @TempDir private Path work;
  private Path images;
  private Path cache;

  /** Somebody at work on the files. */
  @FunctionalInterface
  private interface Change {
    void run() throws IOException;
  }

  @BeforeEach
  void write() throws IOException {
    images = work.resolve("images");
    cache = Files.createDirectory(work.resolve("cache"));
    for (int i = 0; i < 12; i++) {
      String name = (i % 2 == 0 ? "cat/" : "dog/") + i + ".png";
      Fixtures.write(images.resolve(name), Fixtures.png(5, 6, i));
    }
  }

  private DatasetSpec folder() {
    return DatasetSpec.of(SourceKind.IMAGE_FOLDER, images.toString(), false, 0);
  }

  private SourceLook look(DatasetSpec spec) {
    return new SourceLook(spec, work, LookContext.here(cache), Runner.DIRECT);
  }

  private SourceContents plan(DatasetSpec spec) {
    try {
      return look(spec).contents(ImageSources.open(spec, work));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private PlannedSource planned(DatasetSpec spec, SourceContents contents) {
    return new PlannedSource(look(spec), contents.digest(), Optional.of(contents));
  }

  private PreparedSummary read(ImageSource source, SourceContents contents) {
    try {
      return new PreprocessPipeline(
              source, contents, new PreprocessSpec(0, 0, ImageEncoding.RAW, 0.2))
          .run(Files.createTempDirectory(work, "output"), PipelineOptionsFactory.create(), n -> {});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void perform(Change change) {
    try {
      change.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Plans, and changes something before the first image is read. */
  private void readAfter(DatasetSpec spec, Change change) throws IOException {
    PlannedSource source = planned(spec, plan(spec));
    change.run();
    source.read(this::read);
  }

  /** Changes something once the chunks are about to be made. */
  private void readDuring(DatasetSpec spec, Change change) {
    planned(spec, plan(spec))
        .read(
            (source, contents) -> {
              perform(change);
              return read(source, contents);
            });
  }

  /** Changes something when all is read. */
  private void readBefore(DatasetSpec spec, Change change) {
    planned(spec, plan(spec))
        .read(
            (source, contents) -> {
              PreparedSummary summary = read(source, contents);
              perform(change);
              return summary;
            });
  }

  private void deleteReplaceAndAdd() throws IOException {
    Files.delete(images.resolve("cat/2.png"));
    Path replaced = images.resolve("dog/5.png");
    FileTime time = Files.getLastModifiedTime(replaced);
    byte[] bytes = Files.readAllBytes(replaced);
    bytes[bytes.length - 20] ^= 1;
    Files.write(replaced, bytes);
    Files.setLastModifiedTime(replaced, time);
    Fixtures.write(images.resolve("dog/new.png"), Fixtures.png(5, 6, 99));
  }

  private String refusal(String changes, Path place) {
    return "Cannot use the data set: expected it as it was when the run was planned, got %s (%s); nothing of it is kept, and the next run plans anew"
        .formatted(changes, place);
  }

  @Test
  void whatStaysAsItWasIsRead() {
    SourceContents contents = plan(folder());

    PreparedSummary summary = planned(folder(), contents).read(this::read);

    assertThat(summary.imageCount()).isEqualTo(12);
    assertThat(summary.sourceDigest()).isEqualTo(contents.digest());
  }

  @Test
  void whatThePlanHasFoundIsNotLookedForAgain() {
    SourceContents contents = plan(folder());

    SourceContents read = planned(folder(), contents).read((source, found) -> found);

    assertThat(read).isSameAs(contents);
  }

  @Test
  void anArchiveOfBothSplitsThatStaysAsItWasIsRead() {
    Path set = work.resolve("set");
    for (int i = 0; i < 8; i++) {
      String name = (i < 4 ? "train/" : "val/") + (i % 2 == 0 ? "cat/" : "dog/") + i + ".png";
      Fixtures.write(set.resolve(name), Fixtures.png(5, 6, i));
    }
    Path archive = Packing.pack(work.resolve("set.zip"), set, "");
    DatasetSpec spec = DatasetSpec.of(SourceKind.IMAGE_FOLDER, archive.toString(), false, 0);

    PreparedSummary summary = planned(spec, plan(spec)).read(this::read);

    assertThat(summary.images()).isEqualTo(Map.of("train", 4L, "test", 4L));
  }

  @Test
  void filesGoneReplacedAndAddedAreNamedWheneverItHappens() throws IOException {
    String changes =
        "1 file gone (cat/2.png); 1 file changed (dog/5.png); 1 file added (dog/new.png)";

    assertThatThrownBy(() -> readAfter(folder(), this::deleteReplaceAndAdd))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(refusal(changes, images));
    restore();
    assertThatThrownBy(() -> readDuring(folder(), this::deleteReplaceAndAdd))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(refusal(changes, images));
    restore();
    assertThatThrownBy(() -> readBefore(folder(), this::deleteReplaceAndAdd))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(refusal(changes, images));

    PreparedSummary next = planned(folder(), plan(folder())).read(this::read);
    assertThat(next.imageCount()).isEqualTo(11);
    assertThat(next.rejects()).as("what was replaced").isEqualTo(Map.of("corrupt", 1L));
  }

  /** The set as it was at first. */
  private void restore() throws IOException {
    Files.delete(images.resolve("dog/new.png"));
    Fixtures.write(images.resolve("cat/2.png"), Fixtures.png(5, 6, 2));
    Fixtures.write(images.resolve("dog/5.png"), Fixtures.png(5, 6, 5));
  }

  @Test
  void theFirstFiveNamesOfManyAreTold() {
    for (int i = 10; i < 50; i++) {
      Fixtures.write(images.resolve("cat/" + i + ".png"), Fixtures.png(5, 6, i));
    }

    assertThatThrownBy(
            () ->
                readBefore(
                    folder(),
                    () -> {
                      for (int i = 20; i < 40; i++) {
                        Files.delete(images.resolve("cat/" + i + ".png"));
                      }
                    }))
        .hasMessage(
            refusal(
                "20 files gone (cat/20.png, cat/21.png, cat/22.png, cat/23.png, cat/24.png, ...)",
                images));
  }

  @Test
  void aSetThatIsNoneAnyMoreIsRefusedWithItsReason() {
    assertThatThrownBy(
            () ->
                readBefore(
                    folder(),
                    () -> {
                      for (int i = 0; i < 12; i += 2) {
                        Files.delete(images.resolve("cat/" + i + ".png"));
                      }
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("images in class folder cat")
        .hasMessageEndingWith("the next run plans anew");
  }

  @Test
  void labelsOfAListThatChangeAreNamedByTheirImages() throws IOException {
    Path list = images.resolve("list.csv");
    Files.writeString(list, "path,label\ncat/0.png,cat\ndog/1.png,dog\ncat/2.png,cat\n");
    DatasetSpec spec = DatasetSpec.of(SourceKind.IMAGE_LIST, list.toString(), false, 0);

    assertThatThrownBy(
            () ->
                readDuring(
                    spec,
                    () ->
                        Files.writeString(
                            list, "path,label\ncat/0.png,cat\ndog/1.png,dog\ncat/2.png,dog\n")))
        .hasMessage(refusal("1 file with another class or split (cat/2.png)", list));
  }

  @Test
  void aFileOfManyImagesThatWasAnotherOneForAWhileIsRefused() throws IOException {
    Path batches = Fixtures.cifar10(work.resolve("cifar"), 3);
    Path batch = batches.resolve("data_batch_3.bin");
    DatasetSpec spec = DatasetSpec.of(SourceKind.CIFAR10, batches.toString(), false, 0);

    assertThatThrownBy(
            () ->
                readBefore(
                    spec,
                    () -> {
                      Path aside = Files.move(batch, work.resolve("aside"));
                      Files.copy(batches.resolve("data_batch_4.bin"), batch);
                      Files.move(aside, batch, StandardCopyOption.REPLACE_EXISTING);
                    }))
        .hasMessage(
            refusal(
                "1 file written to, though with the same content at the end (data_batch_3.bin)",
                batches));
  }

  @Test
  void anImageThatWasAnotherOneWhenItWasReadIsRefusedByTheWorker() throws IOException {
    Path image = images.resolve("dog/3.png");
    byte[] before = Files.readAllBytes(image);

    assertThatThrownBy(
            () ->
                planned(folder(), plan(folder()))
                    .read(
                        (source, contents) -> {
                          Fixtures.write(image, Fixtures.png(5, 6, 77));
                          try {
                            return read(source, contents);
                          } finally {
                            Fixtures.write(image, before);
                          }
                        }))
        .hasMessage(
            "Cannot read the data set: expected %s as it was when the run was planned, got a changed file"
                .formatted(image));
  }

  @Test
  void aFailureOfAnotherKindStaysWhatItIs() {
    assertThatThrownBy(
            () ->
                planned(folder(), plan(folder()))
                    .read(
                        (source, contents) -> {
                          throw new IllegalStateException("Cannot write: expected space");
                        }))
        .hasMessage("Cannot write: expected space");
  }

  @Test
  void withoutTheContentsOfThePlanTheChangeIsToldAllTheSame() throws IOException {
    String digest = plan(folder()).digest();
    Files.delete(images.resolve("cat/2.png"));

    assertThatThrownBy(
            () -> new PlannedSource(look(folder()), digest, Optional.empty()).read(this::read))
        .hasMessage(refusal("other content", images));
  }
}
