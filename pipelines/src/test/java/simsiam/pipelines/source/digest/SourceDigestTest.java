package simsiam.pipelines.source.digest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.file.Sha256;
import simsiam.pipelines.source.Fixtures;
import simsiam.pipelines.source.ImageSource;
import simsiam.pipelines.source.Packing;
import simsiam.pipelines.source.folders.ClassFolders;
import simsiam.pipelines.source.folders.FolderSource;

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
  void aSettledFileIsNotReadAgain() throws IOException {
    Path file = root.resolve("a/dog/2.png");
    DigestCache first = cache();
    DigestCache.Known read = first.of(file);
    first.of(file, "part", () -> "of-the-part");
    first.save();

    assertThat(cache().of(file)).isEqualTo(read);
    assertThat(cache().of(file, "part", () -> "read again").sha256()).isEqualTo("of-the-part");
    assertThat(cache().of(file, "another part", () -> "read").sha256()).isEqualTo("read");
  }

  @Test
  void aFileGivenItsOldSizeAndTimeIsReadAgain() throws IOException {
    Path file = root.resolve("a/dog/2.png");
    DigestCache first = cache();
    String before = first.of(file).sha256();
    first.save();
    file("a/dog/2.png", "xxx");

    assertThat(cache().of(file).sha256()).isNotEqualTo(before);
  }

  @Test
  void aFileChangedJustNowIsAlwaysReadAgain() throws IOException {
    Path file = root.resolve("a/dog/2.png");
    DigestCache now = DigestCache.open(workspace.resolve("digests"));
    assertThat(now.of(file, "part", () -> "first").sha256()).isEqualTo("first");

    assertThat(now.of(file, "part", () -> "second").sha256()).isEqualTo("second");
    now.save();
    assertThat(workspace.resolve("digests")).doesNotExist();
  }

  @Test
  void aFileThatIsWrittenWhileItIsReadIsNotRemembered() {
    Path file = root.resolve("a/dog/2.png");
    DigestCache cache = cache();
    cache.of(
        file,
        "part",
        () -> {
          Fixtures.write(file, new byte[] {1});
          return "of both";
        });

    assertThat(cache.of(file, "part", () -> "of the second").sha256()).isEqualTo("of the second");
  }

  @Test
  void aLinkedFolderIsKnownByWhereItLeads() throws IOException {
    Path link = Files.createSymbolicLink(root.resolve("link"), root.resolve("a"));
    DigestCache first = cache();
    first.of(link.resolve("dog/2.png"), "part", () -> "known");
    first.save();

    assertThat(cache().of(root.resolve("a/dog/2.png"), "part", () -> "read").sha256())
        .isEqualTo("known");
  }

  @Test
  void aDamagedCacheIsReadAnew() throws IOException {
    Path file = root.resolve("a/dog/2.png");
    DigestCache good = cache();
    good.of(file, "part", () -> "remembered");
    good.save();
    for (String damage : new String[] {"nonsense\n", "a b c d e f g h\n", "\0"}) {
      Path damaged = workspace.resolve("damaged");
      Files.copy(workspace.resolve("digests"), damaged, StandardCopyOption.REPLACE_EXISTING);
      Files.writeString(damaged, damage, StandardOpenOption.APPEND);
      DigestCache cache = DigestCache.open(damaged);

      assertThat(cache.of(file, "part", () -> "read").sha256()).isEqualTo("read");
    }
    Files.write(workspace.resolve("bytes"), new byte[] {(byte) 0xC3, 0x28, '\n'});
    assertThat(DigestCache.open(workspace.resolve("bytes")).of(file).sha256()).hasSize(64);
  }

  @Test
  void aFileThatIsGoneIsNamed() {
    assertThatThrownBy(() -> cache().of(root.resolve("a/none.png")))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage(
            "Cannot read %s: expected a file that can be read, got none"
                .formatted(root.resolve("a/none.png")));
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
      assertThat(source(packed).contents(DigestCache.open(workspace.resolve("none"))).digest())
          .isEqualTo(digest("a"));
    }
  }

  /** Files are hashed by several threads at a time, in whatever order they come to an end. */
  @Test
  void isThatOfTheFilesInTheirOrder() throws IOException {
    MessageDigest listed = Sha256.digest();
    MessageDigest contents = Sha256.digest();
    SourceDigest.add(listed, "UNSPLIT");
    for (int i = 0; i < 400; i++) {
      for (int label = 0; label < 2; label++) {
        String name = "%s/%s.png".formatted(label == 0 ? "cat" : "dog", 1000 + i);
        String content = name.repeat(i % 50 == 0 ? 20_000 : 1 + i % 3);
        file("many/" + name, content);
        SourceDigest.add(listed, name);
        SourceDigest.add(listed, String.valueOf(label));
        SourceDigest.add(listed, String.valueOf(content.length()));
        SourceDigest.add(contents, hashed(content, ""));
      }
    }
    MessageDigest split = Sha256.digest();
    SourceDigest.add(split, Sha256.hex(listed.digest()));
    SourceDigest.add(split, Sha256.hex(contents.digest()));

    assertThat(digest("many"))
        .isEqualTo(hashed("image_folder", "2", "cat", "dog", Sha256.hex(split.digest())));
  }

  /** What was learnt goes into the sorted file with what was there, the newer in place of it. */
  @Test
  void whatIsLearntBitByBitIsAllRemembered() throws IOException {
    Path file = root.resolve("a/dog/2.png");
    for (int look = 0; look < 4; look++) {
      DigestCache cache = cache();
      for (int i = look; i < 40; i += look + 1) {
        int part = i;
        cache.of(file, "part " + i, () -> "digest " + part);
      }
      cache.save();
    }
    file("a/dog/2.png", "2wo");
    DigestCache newer = cache();
    newer.of(file, "part 7", () -> "another");
    newer.save();

    assertThat(cache().of(file, "part 7", () -> "read").sha256()).isEqualTo("another");
    assertThat(cache().of(file, "part 8", () -> "read").sha256()).isEqualTo("read");
    assertThat(workspace.resolve("digests")).hasSize(25 + 40 * 105);
    Path other = root.resolve("a/cat/1.png");
    DigestCache more = cache();
    more.of(other, "first", () -> "1".repeat(64));
    more.save();
    assertThat(cache().of(other, "first", () -> "read").sha256()).isEqualTo("1".repeat(64));
    assertThat(cache().of(file, "part 7", () -> "read").sha256()).isEqualTo("another");
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

  /** The cache a minute from now, when all files have settled. */
  private DigestCache cache() {
    return DigestCache.open(
        workspace.resolve("digests"), () -> System.currentTimeMillis() + 60_000);
  }

  private String digest(String folder) {
    return source(folder).contents(DigestCache.open(workspace.resolve("none"))).digest();
  }

  private ImageSource source(String folder) {
    return source(root.resolve(folder));
  }

  private static ImageSource source(Path place) {
    return new FolderSource("image_folder", new ClassFolders(place), 0);
  }
}
