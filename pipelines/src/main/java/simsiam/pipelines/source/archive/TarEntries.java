package simsiam.pipelines.source.archive;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import simsiam.model.config.Reason;

/**
 * Goes through a tar archive and takes no cut or damaged one for whole: headers must have their
 * checksum and the archive its end mark, without which the last images would be missed unnoticed.
 */
public final class TarEntries implements AutoCloseable {
  private final InputStream in;
  private final Marked tar;

  public TarEntries(InputStream in) {
    this.in = in;
    tar = new Marked(in);
  }

  /** The next entry, or null after the last. */
  public TarArchiveEntry next() throws IOException {
    TarArchiveEntry entry;
    try {
      entry = tar.getNextEntry();
    } catch (RuntimeException e) {
      throw new IOException("a damaged tar header: " + Reason.of(e), e);
    }
    if (entry == null) {
      if (!tar.ended) {
        throw new IOException("a tar archive without its end");
      }
      // The checksum of a compressed archive comes after all of its content.
      in.transferTo(OutputStream.nullOutputStream());
      return null;
    }
    if (!entry.isCheckSumOK() || entry.getSize() < 0) {
      throw new IOException("a damaged tar header at %s".formatted(tar.getBytesRead()));
    }
    if (entry.isSparse()) {
      throw new IOException("a sparse file, " + entry.getName());
    }
    return entry;
  }

  /** What an entry is, by its type alone: libraries take all but folders for files. */
  public enum Kind {
    FILE("file"),
    FOLDER("folder"),
    LINK("link"),
    DEVICE("device"),
    FIFO("FIFO"),
    OTHER("entry of unknown type");

    final String words;

    Kind(String words) {
      this.words = words;
    }

    public static Kind of(TarArchiveEntry entry) {
      return switch (entry.getLinkFlag()) {
        case TarConstants.LF_NORMAL, TarConstants.LF_OLDNORM, TarConstants.LF_CONTIG ->
            entry.getName().endsWith("/") ? FOLDER : FILE;
        case TarConstants.LF_DIR -> FOLDER;
        case TarConstants.LF_LINK, TarConstants.LF_SYMLINK -> LINK;
        case TarConstants.LF_CHR, TarConstants.LF_BLK -> DEVICE;
        case TarConstants.LF_FIFO -> FIFO;
        default -> OTHER;
      };
    }
  }

  /** Where the content of the entry starts. */
  public long offset() {
    return tar.getBytesRead();
  }

  /** The content of the entry. */
  public InputStream content() {
    return tar;
  }

  /** Reads the entry whole. */
  public byte[] bytes(TarArchiveEntry entry) throws IOException {
    byte[] bytes = tar.readNBytes((int) entry.getSize());
    if (bytes.length != entry.getSize()) {
      throw new IOException(
          "%s of %s bytes of %s".formatted(bytes.length, entry.getSize(), entry.getName()));
    }
    return bytes;
  }

  @Override
  public void close() throws IOException {
    tar.close();
  }

  private static final class Marked extends TarArchiveInputStream {
    private boolean ended;

    Marked(InputStream in) {
      super(in, StandardCharsets.UTF_8.name());
    }

    @Override
    protected boolean isEOFRecord(byte[] record) {
      boolean end = super.isEOFRecord(record);
      ended |= end && record != null;
      return end;
    }
  }
}
