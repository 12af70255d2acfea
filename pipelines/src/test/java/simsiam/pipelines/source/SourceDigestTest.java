package simsiam.pipelines.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.data.Sha256;

class SourceDigestTest {
  private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));

  @TempDir Path root;
  @TempDir Path workspace;

  @BeforeEach
  void writeFiles() throws IOException {
    file("a/cat/1.png", "one");
    file("a/dog/2.png", "two");
  }

  @Test
  void dependsOnNamesAndContentNotOnThePlace() throws IOException {
    file("b/cat/1.png", "one");
    file("b/dog/2.png", "two");
    assertThat(digest("b")).isEqualTo(digest("a")).matches("[0-9a-f]{64}");

    file("b/dog/2.png", "2wo");
    assertThat(digest("b")).isNotEqualTo(digest("a"));
  }

  @Test
  void aRenamedFileChangesIt() throws IOException {
    String before = digest("a");
    Files.move(root.resolve("a/dog/2.png"), root.resolve("a/dog/3.png"));

    assertThat(digest("a")).isNotEqualTo(before);
  }

  @Test
  void aSettledFileOfTheSameSizeAndTimeIsNotReadAgain() throws IOException {
    DigestCache first = cache();
    String before = source("a").digest(first);
    first.save();
    file("a/dog/2.png", "xxx");

    assertThat(source("a").digest(cache())).isEqualTo(before);

    Files.setLastModifiedTime(root.resolve("a/dog/2.png"), FileTime.fromMillis(1_600_000_000_000L));
    assertThat(source("a").digest(cache())).isNotEqualTo(before);
  }

  @Test
  void aFileChangedJustNowIsAlwaysReadAgain() throws IOException {
    Path file = root.resolve("a/dog/2.png");
    FileTime now = FileTime.from(Instant.now());
    Files.setLastModifiedTime(file, now);
    DigestCache first = cache();
    String before = source("a").digest(first);
    first.save();
    Files.writeString(file, "xxx");
    Files.setLastModifiedTime(file, now);

    assertThat(source("a").digest(cache())).isNotEqualTo(before);
  }

  @Test
  void refusesADamagedCache() throws IOException {
    Path file = Files.writeString(workspace.resolve("digests"), "nonsense\n");

    assertThatThrownBy(() -> DigestCache.open(file))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot read digest cache: expected 4 fields, got 'nonsense' (%s); delete the file"
                .formatted(file));
  }

  /** What an earlier version made of WebP has other pixels; of all else it stays good. */
  @Test
  void isOfTheBytesAloneButForWebpWhateverItsName() throws IOException {
    String picture = "RIFF....WAVE....";
    file("a/dog/2.png", picture);
    assertThat(digest("a")).isEqualTo(ofBytes("one", picture));

    String webp = "RIFF....WEBPVP8 ";
    file("a/dog/2.png", webp);
    assertThat(digest("a")).isNotEqualTo(ofBytes("one", webp)).matches("[0-9a-f]{64}");
    for (String archive : List.of("a.zip", "a.tar", "a.tar.gz")) {
      Path packed = Packing.pack(workspace.resolve(archive), root.resolve("a"), "");
      assertThat(source(packed).digest(DigestCache.open(workspace.resolve("none"))))
          .isEqualTo(digest("a"));
    }
  }

  /** The digest as it always was, written out. */
  private static String ofBytes(String cat, String dog) {
    String listed = hashed("UNSPLIT", "cat/1.png", "0", "" + cat.length(), "dog/2.png", "1", "16");
    String contents = hashed(hashed(cat, ""), hashed(dog, ""));
    return hashed("image_folder", "2", "cat", "dog", hashed(listed, contents));
  }

  /** SHA-256 of parts that each end with a byte; of the bytes alone where the second is empty. */
  private static String hashed(String... parts) {
    MessageDigest digest = Sha256.digest();
    boolean plain = parts.length == 2 && parts[1].isEmpty();
    for (String part : parts) {
      digest.update(part.getBytes(StandardCharsets.UTF_8));
      if (!plain) {
        digest.update((byte) 0xFF);
      }
    }
    return Sha256.hex(digest.digest());
  }

  private void file(String name, String content) throws IOException {
    Path file = Fixtures.write(root.resolve(name), content.getBytes(StandardCharsets.UTF_8));
    Files.setLastModifiedTime(file, LONG_AGO);
  }

  private DigestCache cache() {
    return DigestCache.open(workspace.resolve("digests"));
  }

  private String digest(String folder) {
    return source(folder).digest(DigestCache.open(workspace.resolve("none")));
  }

  private ImageSource source(String folder) {
    return source(root.resolve(folder));
  }

  private static ImageSource source(Path place) {
    return new FolderSource("image_folder", new ClassFolders(place), 0);
  }
}
