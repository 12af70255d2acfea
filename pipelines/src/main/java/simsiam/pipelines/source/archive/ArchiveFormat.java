package simsiam.pipelines.source.archive;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorInputStream;
import simsiam.pipelines.source.listing.SourceProblem;

/** Kinds of archives, told apart by their first bytes. */
public enum ArchiveFormat {
  ZIP,
  TAR,
  TAR_GZ,
  TAR_BZ2,
  TAR_XZ,
  TAR_ZST;

  static final String NAMES = "zip, tar, tar.gz, tar.bz2, tar.xz, tar.zst";

  /** Enough for the mark of a tar archive, at byte 257. */
  private static final int SIGNATURE_BYTES = 512;

  private static final int BUFFER_BYTES = 1 << 16;

  /** Memory that a compressed file may ask for: what xz -9 needs. */
  private static final int MEMORY_KIB = 68_000;

  /** The format of an archive, which is an error where it is none. */
  public static ArchiveFormat of(Path archive) {
    return detect(archive)
        .orElseThrow(
            () -> SourceProblem.of("a folder or archive of images (%s)".formatted(NAMES), archive));
  }

  /** The format of a file, or empty where it is no archive. */
  public static Optional<ArchiveFormat> detect(Path archive) {
    byte[] start;
    try (InputStream in = Files.newInputStream(archive)) {
      start = in.readNBytes(SIGNATURE_BYTES);
    } catch (IOException e) {
      throw SourceProblem.of("an archive that can be read", e);
    }
    if (starts(start, 'P', 'K', 3, 4) || starts(start, 'P', 'K', 5, 6)) {
      return Optional.of(ZIP);
    }
    if (starts(start, 0x1F, 0x8B)) {
      return Optional.of(TAR_GZ);
    }
    if (starts(start, 'B', 'Z', 'h')) {
      return Optional.of(TAR_BZ2);
    }
    if (starts(start, 0xFD, '7', 'z', 'X', 'Z', 0)) {
      return Optional.of(TAR_XZ);
    }
    if (starts(start, 0x28, 0xB5, 0x2F, 0xFD)) {
      return Optional.of(TAR_ZST);
    }
    if (TarArchiveInputStream.matches(start, start.length)) {
      return Optional.of(TAR);
    }
    return Optional.empty();
  }

  /** Whether entries can only be read one after the other. */
  boolean streamed() {
    return this != ZIP && this != TAR;
  }

  /** The tar archive that is inside the compression. */
  public InputStream tar(Path archive) throws IOException {
    InputStream in = Files.newInputStream(archive);
    try {
      return switch (this) {
        case TAR -> in;
        case TAR_GZ -> new GZIPInputStream(in, BUFFER_BYTES);
        case TAR_BZ2 -> new BZip2CompressorInputStream(buffered(in), true);
        case TAR_XZ -> new XZCompressorInputStream(buffered(in), true, MEMORY_KIB);
        case TAR_ZST -> new ZstdCompressorInputStream(buffered(in));
        case ZIP ->
            throw new IllegalStateException("Cannot read tar: expected one, got " + archive);
      };
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  private static InputStream buffered(InputStream in) {
    return new BufferedInputStream(in, BUFFER_BYTES);
  }

  private static boolean starts(byte[] bytes, int... prefix) {
    for (int i = 0; i < prefix.length; i++) {
      if (i == bytes.length || (bytes[i] & 0xFF) != prefix[i]) {
        return false;
      }
    }
    return true;
  }
}
