package simsiam.pipelines.source.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.commons.compress.archivers.zip.Zip64Mode;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream.UnicodeExtraFieldPolicy;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Parts of directories beside what the library says of the whole. */
class CentralDirectoryTest {
  private static final int FILES = 50;

  @TempDir private Path work;
  private Path archive;

  @BeforeEach
  void place() {
    archive = work.resolve("a.zip");
  }

  private void write(Zip64Mode mode, boolean utf8) throws IOException {
    Random random = new Random(3);
    try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(archive)) {
      zip.setUseZip64(mode);
      if (!utf8) { // as tools of Windows write them
        zip.setEncoding("Cp437");
        zip.setUseLanguageEncodingFlag(false);
        zip.setCreateUnicodeExtraFields(UnicodeExtraFieldPolicy.NOT_ENCODEABLE);
      }
      for (int i = 0; i < FILES; i++) {
        ZipArchiveEntry entry = new ZipArchiveEntry("a/\u00e9\u017e" + i % 7 + "/" + i + ".png");
        entry.setComment("x".repeat(random.nextInt(40)));
        entry.setUnixMode(i % 9 == 0 ? 0120777 : 0100644);
        byte[] content = new byte[random.nextInt(900)];
        random.nextBytes(content);
        zip.putArchiveEntry(entry);
        zip.write(content);
        zip.closeArchiveEntry();
      }
      zip.setComment("all of them");
    }
  }

  private static List<String> entries(ZipFile zip) throws IOException {
    List<String> entries = new ArrayList<>();
    for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
      zip.getRawInputStream(entry).close();
      entries.add(
          "%s %s %s %s %s %s %s %s"
              .formatted(
                  entry.getName(),
                  entry.getSize(),
                  entry.getCompressedSize(),
                  entry.getCrc(),
                  entry.getMethod(),
                  entry.getUnixMode(),
                  entry.getDataOffset(),
                  entry.getComment()));
    }
    return entries;
  }

  private List<String> whole() throws IOException {
    try (SeekableByteChannel channel = Files.newByteChannel(archive);
        ZipFile zip = ZipFile.builder().setSeekableByteChannel(channel).get()) {
      return entries(zip);
    }
  }

  /** Sizes of the parts, and the entries of all. */
  private List<String> parts(int most, List<Integer> sizes) throws IOException {
    List<String> entries = new ArrayList<>();
    try (SeekableByteChannel channel = Files.newByteChannel(archive)) {
      CentralDirectory.read(
          channel,
          most,
          zip -> {
            List<String> part = entries(zip);
            sizes.add(part.size());
            entries.addAll(part);
          });
    }
    return entries;
  }

  @ParameterizedTest
  @CsvSource({
    "Never, true",
    "Always, true",
    "AsNeeded, false",
    "Always, false",
    "AlwaysWithCompatibility, true"
  })
  void partsAreTheWhole(Zip64Mode mode, boolean utf8) throws IOException {
    write(mode, utf8);

    assertThat(whole()).hasSize(FILES);
    for (int most : List.of(1, 100, 500, 1 << 18)) {
      List<Integer> sizes = new ArrayList<>();
      assertThat(parts(most, sizes)).isEqualTo(whole());
      assertThat(sizes.size()).isEqualTo(most == 1 ? FILES : most > 500 ? 1 : sizes.size());
      assertThat(sizes.size()).isBetween(1, FILES);
    }
  }

  /** As an archive that unpacks itself has a program. */
  @Test
  void whatWasPutBeforeAnArchiveIsPassed() throws IOException {
    write(Zip64Mode.Never, true);
    byte[] zip = Files.readAllBytes(archive);
    byte[] with = new byte[zip.length + 777];
    System.arraycopy(zip, 0, with, 777, zip.length);
    Files.write(archive, with);

    assertThat(whole()).hasSize(FILES);
    assertThat(parts(300, new ArrayList<>())).isEqualTo(whole());
  }

  @Test
  void anEmptyArchiveHasAnEmptyPart() throws IOException {
    new ZipArchiveOutputStream(archive).close();

    List<Integer> sizes = new ArrayList<>();
    assertThat(parts(300, sizes)).isEmpty();
    assertThat(sizes).containsExactly(0);
  }

  /** The library takes what comes before the damage for all there is. */
  @ParameterizedTest
  @EnumSource(
      value = Zip64Mode.class,
      names = {"Never", "Always"})
  void aDamagedEntryIsNotTakenForTheEnd(Zip64Mode mode) throws IOException {
    write(mode, true);
    byte[] bytes = Files.readAllBytes(archive);
    List<Integer> headers = new ArrayList<>();
    for (int i = 0; i < bytes.length - 3; i++) {
      if (bytes[i] == 'P' && bytes[i + 1] == 'K' && bytes[i + 2] == 1 && bytes[i + 3] == 2) {
        headers.add(i);
      }
    }
    assertThat(headers).hasSize(FILES);
    bytes[headers.get(20)] ^= 1;
    Files.write(archive, bytes);

    assertThat(whole()).hasSize(20);
    assertThatThrownBy(() -> parts(1 << 18, new ArrayList<>()))
        .isInstanceOf(IOException.class)
        .hasMessage("no sound directory entry at " + headers.get(20));
  }
}
