package simsiam.pipelines.source.files;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.function.ToLongFunction;
import simsiam.model.file.Sha256;
import simsiam.pipelines.source.digest.SourceDigest;
import simsiam.pipelines.source.listing.SourceFile;
import simsiam.pipelines.source.listing.SourceFileForm;
import simsiam.pipelines.spool.Sorting;
import simsiam.pipelines.spool.SpooledList;

/**
 * Files of an archive in the order in which they lie there, and the digest of their contents, which
 * is made in the order in which the files were given. Neither order need be in memory.
 */
final class InArchiveOrder {
  private final SpooledList<Numbered> sorted;

  /** A file, and how many were given before it. */
  private record Numbered(int number, SourceFile file) {}

  /** The digest of a file's content. */
  private record Read(int number, String sha256) {
    private static final int SHA256_BYTES = 32;

    static final SpooledList.Form<Read> FORM =
        new SpooledList.Form<>() {
          @Override
          public void write(Read read, DataOutput out) throws IOException {
            out.writeInt(read.number());
            out.write(HexFormat.of().parseHex(read.sha256()));
          }

          @Override
          public Read read(DataInput in) throws IOException {
            int number = in.readInt();
            byte[] sha256 = new byte[SHA256_BYTES];
            in.readFully(sha256);
            return new Read(number, HexFormat.of().formatHex(sha256));
          }
        };
  }

  /**
   * @param place of a file in the archive, rising from its start to its end
   */
  InArchiveOrder(Path archive, Iterable<SourceFile> files, ToLongFunction<SourceFile> place) {
    SourceFileForm form = new SourceFileForm(archive);
    Sorting<Numbered> sorting =
        new Sorting<>(
            new SpooledList.Form<>() {
              @Override
              public void write(Numbered value, DataOutput out) throws IOException {
                out.writeInt(value.number());
                form.write(value.file(), out);
              }

              @Override
              public Numbered read(DataInput in) throws IOException {
                return new Numbered(in.readInt(), form.read(in));
              }
            },
            Comparator.comparingLong(value -> place.applyAsLong(value.file())));
    int number = 0;
    for (SourceFile file : files) {
      sorting.add(new Numbered(number, file));
      number = Math.addExact(number, 1);
    }
    sorted = sorting.list();
  }

  Iterator<SourceFile> files() {
    Iterator<Numbered> left = sorted.iterator();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return left.hasNext();
      }

      @Override
      public SourceFile next() {
        return left.next().file();
      }
    };
  }

  /**
   * The digest of all.
   *
   * @param digests of the files in the order of the archive
   */
  String joined(Iterable<String> digests) {
    Sorting<Read> sorting = new Sorting<>(Read.FORM, Comparator.comparingInt(Read::number));
    Iterator<Numbered> files = sorted.iterator();
    for (String sha256 : digests) {
      sorting.add(new Read(files.next().number(), sha256));
    }
    MessageDigest digest = Sha256.digest();
    sorting.iterator().forEachRemaining(read -> SourceDigest.add(digest, read.sha256()));
    return Sha256.hex(digest.digest());
  }
}
