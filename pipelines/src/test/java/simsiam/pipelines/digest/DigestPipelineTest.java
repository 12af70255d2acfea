package simsiam.pipelines.digest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.beam.sdk.util.construction.PipelineTranslation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import simsiam.model.file.Sha256;
import simsiam.pipelines.beam.BeamOptions;
import simsiam.pipelines.beam.ScratchFolder;
import simsiam.pipelines.beam.SharedFolder;
import simsiam.pipelines.config.DatasetSpec;
import simsiam.pipelines.config.SourceKind;
import simsiam.pipelines.remote.FakeFileSystem;
import simsiam.pipelines.remote.RemoteCopy;
import simsiam.pipelines.remote.TestStore;
import simsiam.pipelines.source.Fixtures;
import simsiam.pipelines.source.ImageSource;
import simsiam.pipelines.source.SourceForm;
import simsiam.pipelines.source.digest.DigestCache;
import simsiam.pipelines.source.digest.Part;
import simsiam.pipelines.source.digest.Piece;
import simsiam.pipelines.source.digest.SourceContents;
import simsiam.pipelines.source.digest.Unread;
import simsiam.pipelines.source.sets.ImageSources;

/** Hashing by a pipeline's workers, who are threads of this process. */
class DigestPipelineTest {
  private static final int FEW = 2;

  @TempDir private Path work;
  @TempDir private Path cache;
  private final List<Long> counted = new ArrayList<>();

  /** A look at a time when files have been left alone for long enough. */
  private DigestCache noting(Unread unread) {
    return DigestCache.noting(
        cache.resolve("digests"), () -> System.currentTimeMillis() + 10_000, unread);
  }

  private SourceContents look(ImageSource source, Unread unread) {
    SourceContents contents = source.contents(noting(unread));
    unread.end();
    return contents;
  }

  private void hash(Unread unread) throws IOException {
    hash(unread, cache);
  }

  private void hash(Unread unread, Path shared) throws IOException {
    DigestCache learning = noting(new Unread());
    try (ScratchFolder scratch = ScratchFolder.in(shared, "scratch")) {
      new DigestPipeline(unread, FEW)
          .run(
              scratch, BeamOptions.parse(List.of("--targetParallelism=3")), counted::add, learning);
    }
    learning.save();
  }

  /** What this machine finds by itself, with nothing known. */
  private SourceContents here(ImageSource source) {
    return source.contents(DigestCache.open(work.resolve("none")));
  }

  @ParameterizedTest
  @EnumSource
  void everyFormOfSourceHasTheContentsThatThisMachineFinds(SourceForm form) throws Exception {
    ImageSource source = form.make(work);
    SourceContents expected = here(source);
    Unread unread = new Unread();
    look(source, unread);
    boolean stream = form == SourceForm.TAR_GZ || form == SourceForm.TAR_ZST;
    assertThat(unread.count() == 0).isEqualTo(stream);

    hash(unread);

    Unread left = new Unread();
    SourceContents found = look(source, left);
    assertThat(left.count()).as("what is still to be read").isZero();
    assertThat(left.isEmpty()).as("a compressed tar is read by this machine").isEqualTo(!stream);
    if (!stream) {
      assertThat(found).isEqualTo(expected);
    }
    assertThat(source.contents(DigestCache.open(cache.resolve("digests")))).isEqualTo(expected);
    assertThat(counted.get(counted.size() - 1)).isEqualTo(unread.bytes());
  }

  private ImageSource images(int count) {
    for (int i = 0; i < count; i++) {
      String name = (i % 2 == 0 ? "dog/" : "cat/") + i + ".png";
      Fixtures.write(work.resolve("set").resolve(name), Fixtures.png(6, 7, i));
    }
    return folder(work.resolve("set"));
  }

  private static ImageSource folder(Path place) {
    return ImageSources.open(
        DatasetSpec.of(SourceKind.IMAGE_FOLDER, place.toString(), false, 0), place);
  }

  @Test
  void eachFileIsOpenedOnceAndByAWorker() throws IOException {
    images(300);
    try (TestStore store = TestStore.fake()) {
      Path place = RemoteCopy.of(work.resolve("set"), store.bucket().resolve("hashed"));
      Unread unread = new Unread();
      try (FakeFileSystem.Reading looks = new FakeFileSystem.Reading("hashed/")) {
        look(folder(place), unread);
        assertThat(looks.opened()).isZero();
        assertThat(unread.count()).isEqualTo(300);

        hash(unread, store.bucket().resolve("workspace"));
        assertThat(looks.opened()).isEqualTo(300);

        Unread left = new Unread();
        SourceContents found = look(folder(place), left);
        assertThat(looks.opened()).isEqualTo(300);
        assertThat(left.isEmpty()).isTrue();
        assertThat(found.digest()).isEqualTo(here(folder(work.resolve("set"))).digest());
      }
    }
  }

  @Test
  void aFileThatIsAnotherOneByThenIsNotTakenForWhatItWas() throws IOException {
    ImageSource source = images(12);
    Unread unread = new Unread();
    look(source, unread);
    Path file = work.resolve("set/cat/3.png");
    Files.write(file, Files.readAllBytes(work.resolve("set/cat/5.png")));

    hash(unread);

    Unread left = new Unread();
    look(source, left);
    assertThat(left.items()).extracting(Unread.Item::path).containsExactly(file.toString());
    assertThat(source.contents(noting(new Unread())).digest()).isNotEqualTo(here(source).digest());
    assertThat(source.contents(DigestCache.open(cache.resolve("digests"))).digest())
        .isEqualTo(here(source).digest());
  }

  @Test
  void manyThatAreOthersForTheWorkersAreAnError() throws IOException {
    ImageSource source = images(12);
    Unread unread = new Unread();
    look(source, unread);
    for (int i = 1; i <= 5; i += 2) {
      Fixtures.write(work.resolve("set/cat/" + i + ".png"), Fixtures.png(9, 9, i));
    }

    assertThatThrownBy(() -> hash(unread))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith(
            "Cannot hash the data set: expected its files as the launching machine sees them, got more than 2 of other sizes or times, as "
                + work.resolve("set/cat"))
        .hasMessageEndingWith(" on worker " + SharedFolder.worker());
  }

  @Test
  void aFileThatIsGoneByThenIsToldByTheLookThatFollows() throws IOException {
    ImageSource source = images(12);
    Unread unread = new Unread();
    look(source, unread);
    Path file = work.resolve("set/cat/3.png");
    Files.delete(file);

    hash(unread);

    assertThatThrownBy(() -> source.contents(DigestCache.open(cache.resolve("digests"))))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage("Cannot read %s: expected a file that can be read, got none", file);
  }

  /** Pieces of a file that do what they are told when they are read. */
  private record Acting(Act act) implements Piece {
    @Override
    public long bytes() {
      return 1;
    }

    @Override
    public List<String> digests(Path file) throws IOException {
      return act.on(file);
    }
  }

  private interface Act extends Serializable {
    List<String> on(Path file) throws IOException;
  }

  private record Parts(int count, Act act) implements Part {
    @Override
    public Iterator<Piece> pieces() {
      return Stream.generate(() -> (Piece) new Acting(act)).limit(count).iterator();
    }

    @Override
    public String joined(List<String> found) {
      return Sha256.hex(
          Sha256.digest().digest(String.join(" ", found).getBytes(StandardCharsets.UTF_8)));
    }
  }

  /** A file of which a part is unread. */
  private Unread part(Path file, int pieces, Act act) {
    Unread unread = new Unread();
    noting(unread).ofPart(file, "part", () -> new Parts(pieces, act));
    unread.end();
    return unread;
  }

  private Path file() {
    return Fixtures.write(work.resolve("file"), new byte[100]);
  }

  @Test
  void aFileThatChangesWhileItIsReadIsNotRemembered() throws IOException {
    Path file = file();

    hash(
        part(
            file,
            2,
            open -> {
              Files.write(open, new byte[101]);
              return List.of("0");
            }));

    Unread left = new Unread();
    noting(left).ofPart(file, "part", () -> new Parts(2, open -> List.of()));
    left.end();
    assertThat(left.count()).isEqualTo(2);
  }

  @Test
  void piecesOfOneFileAreJoinedInTheirOrder() throws IOException {
    Path file = file();
    Parts parts = new Parts(1_000, open -> List.of("a", "b"));

    hash(part(file, 1_000, parts.act()));

    assertThat(noting(new Unread()).ofPart(file, "part", () -> parts).sha256())
        .isEqualTo(
            parts.joined(IntStream.range(0, 2_000).mapToObj(i -> i % 2 == 0 ? "a" : "b").toList()));
  }

  @Test
  void aPartWithoutPiecesTakesNoneOfAnother() throws IOException {
    Path file = file();
    Parts none = new Parts(0, open -> List.of("x"));
    Parts one = new Parts(1, open -> List.of("a"));
    Unread unread = new Unread();
    DigestCache noting = noting(unread);
    noting.ofPart(file, "none", () -> none);
    noting.ofPart(file, "one", () -> one);
    noting.of(file);
    unread.end();
    assertThat(unread.count()).isEqualTo(2);

    hash(unread);

    DigestCache known = DigestCache.open(cache.resolve("digests"));
    assertThat(known.ofPart(file, "one", () -> none).sha256()).isEqualTo(one.joined(List.of("a")));
    assertThat(known.of(file).sha256()).isEqualTo(Sha256.of(file));
    assertThat(known.ofPart(file, "none", () -> none).sha256()).isEqualTo(none.joined(List.of()));
  }

  @Test
  void aFileThatOnlyTheWorkerMissesIsAnErrorWithItsName() {
    Path file = file();

    assertThatThrownBy(
            () ->
                hash(
                    part(
                        file,
                        1,
                        open -> {
                          throw new NoSuchFileException(open.toString());
                        })))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot read the data set on worker %s: expected its files at the same path as on the launching machine (storage that all workers share), got none at %s",
            SharedFolder.worker(), file);
  }

  @Test
  void aWorkerThatCannotReadSaysWhichFileAndWhy() {
    Path file = file();

    assertThatThrownBy(
            () ->
                hash(
                    part(
                        file,
                        1,
                        open -> {
                          throw new IOException("Input/output error");
                        })))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot read %s on worker %s: Input/output error", file, SharedFolder.worker());
  }

  @Test
  void theJobIsAsSmallForManyFilesAsForTen() throws IOException {
    int few = jobBytes(10);
    int many = jobBytes(100_000);

    assertThat(many).isLessThan(1 << 20).isBetween(few - 2_000, few + 2_000);
  }

  private int jobBytes(int pieces) throws IOException {
    try (ScratchFolder scratch = ScratchFolder.in(cache, "scratch")) {
      SharedFolder shared = SharedFolder.mark(scratch.path());
      DigestPipeline pipeline = new DigestPipeline(part(file(), pieces, open -> List.of()), FEW);
      return PipelineTranslation.toProto(
              DigestPipeline.pipeline(shared, pipeline.tasks(shared), BeamOptions.parse(List.of())))
          .getSerializedSize();
    }
  }
}
