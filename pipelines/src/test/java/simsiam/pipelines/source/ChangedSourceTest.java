package simsiam.pipelines.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import simsiam.pipelines.source.digest.DigestCache;
import simsiam.pipelines.source.digest.SourceContents;
import simsiam.pipelines.source.listing.SourceImage;

/** What was digested and what is read are the same bytes, or reading fails with the file's name. */
class ChangedSourceTest {
  @TempDir private Path work;
  @TempDir private Path scratch;

  private ImageSource make(SourceForm form) throws Exception {
    ImageSource source = form.make(work);
    Thread.sleep(20); // longer than a tick of the file system's clock
    return source;
  }

  private SourceContents contents(ImageSource source) {
    return source.contents(DigestCache.open(work.resolve("none")));
  }

  private static int read(List<SourceChunk> chunks) throws IOException {
    List<String> ids = new ArrayList<>();
    for (SourceChunk chunk : chunks) {
      // As a worker gets it.
      SerializableUtils.clone(chunk)
          .read(
              image -> {
                assertThat(image).isNotInstanceOf(SourceImage.Unreadable.class);
                ids.add(image.id());
              });
    }
    return ids.size();
  }

  /** Another byte, with the size and the time that were there. */
  private static void rewrite(Path file) throws IOException {
    FileTime time = Files.getLastModifiedTime(file);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1 - bytes.length / 4] ^= 1;
    Files.write(file, bytes);
    Files.setLastModifiedTime(file, time);
  }

  private static String changed(Path file) {
    return "Cannot read the data set: expected %s as it was when the run was planned, got a changed file"
        .formatted(file);
  }

  @ParameterizedTest
  @EnumSource
  void whatStaysIsRead(SourceForm form) throws Exception {
    ImageSource source = make(form);

    assertThat(read(SourceReading.chunks(source, scratch, contents(source)))).isGreaterThan(2);
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"CIFAR_TAR_GZ", "IDX_GZ"}) // unpacked by then
  void aFileRewrittenWithItsSizeAndTimeIsRefusedByName(SourceForm form) throws Exception {
    ImageSource source = make(form);
    List<SourceChunk> chunks = SourceReading.chunks(source, scratch, contents(source));

    rewrite(work.resolve(form.changing()));

    assertThatThrownBy(() -> read(chunks)).hasMessage(changed(work.resolve(form.changing())));
  }

  @ParameterizedTest
  @EnumSource
  void soIsOneRewrittenBeforeItIsUnpackedOrCutIntoChunks(SourceForm form) throws Exception {
    ImageSource source = make(form);
    SourceContents contents = contents(source);

    rewrite(work.resolve(form.changing()));

    assertThatThrownBy(() -> read(SourceReading.chunks(source, scratch, contents)))
        .hasMessage(changed(work.resolve(form.changing())));
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"CIFAR_TAR_GZ", "IDX_GZ"}) // unpacked by then
  void oneThatIsReplacedAndPutBackInTheMeantimeIsRefused(SourceForm form) throws Exception {
    ImageSource source = make(form);
    List<SourceChunk> chunks = SourceReading.chunks(source, scratch, contents(source));
    Path file = work.resolve(form.changing());
    Path other = Files.copy(file, work.resolve("other"), StandardCopyOption.COPY_ATTRIBUTES);
    Path aside = work.resolve("aside");
    rewrite(other);
    Files.move(file, aside);
    Files.move(other, file);

    assertThatThrownBy(() -> read(chunks)).hasMessage(changed(file));
    Files.move(aside, file, StandardCopyOption.REPLACE_EXISTING);
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"CIFAR_TAR_GZ", "IDX_GZ"}) // unpacked by then
  void oneThatIsGoneIsNoImageLess(SourceForm form) throws Exception {
    ImageSource source = make(form);
    List<SourceChunk> chunks = SourceReading.chunks(source, scratch, contents(source));

    Files.delete(work.resolve(form.changing()));

    assertThatThrownBy(() -> read(chunks))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage(work.resolve(form.changing()).toString());
  }
}
