package simsiam.pipelines.remote;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import simsiam.pipelines.spool.SpooledList;

/**
 * Files that follow one another in a listing. Of each name what it shares with the name before it
 * is left out, and ETags that are MD5 sums in quotes lie as bytes: some 45 bytes a file.
 */
interface ListedBlock {
  /** Key of the first file. */
  String first();

  /** Files from the first on whose key is not before this one; of a block that was kept, once. */
  Iterator<Listed> from(String key);

  /** A block to keep. */
  static ListedBlock of(List<Listed> files) {
    return new ListedBlock() {
      @Override
      public String first() {
        return files.get(0).name();
      }

      @Override
      public Iterator<Listed> from(String key) {
        return files.stream()
            .dropWhile(file -> Listing.ORDER.compare(file.name(), key) < 0)
            .iterator();
      }
    };
  }

  /** How a block is kept; of one that is read no more is made than is asked for. */
  SpooledList.Form<ListedBlock> FORM =
      new SpooledList.Form<>() {
        @Override
        public void write(ListedBlock block, DataOutput out) throws IOException {
          String before = block.first();
          out.writeUTF(before);
          Iterator<Listed> files = block.from(before);
          while (files.hasNext()) {
            Listed file = files.next();
            int shared = shared(before, file.name());
            out.writeShort(shared);
            out.writeUTF(file.name().substring(shared));
            Attributes.write(file.attributes(), out);
            out.writeBoolean(files.hasNext());
            before = file.name();
          }
        }

        @Override
        public ListedBlock read(DataInput in) throws IOException {
          return new Kept(in.readUTF(), in);
        }
      };

  private static int shared(String before, String name) {
    int most = Math.min(Math.min(before.length(), name.length()), 0xFFFF);
    int shared = 0;
    while (shared < most && before.charAt(shared) == name.charAt(shared)) {
      shared++;
    }
    return shared;
  }

  /** How a file is kept that is sorted among others. */
  SpooledList.Form<Listed> FILE =
      new SpooledList.Form<>() {
        @Override
        public void write(Listed file, DataOutput out) throws IOException {
          out.writeUTF(file.name());
          Attributes.write(file.attributes(), out);
        }

        @Override
        public Listed read(DataInput in) throws IOException {
          return new Listed(in.readUTF(), Attributes.read(in));
        }
      };

  /** How size, time and version of a file are kept. */
  final class Attributes {
    private static final int NUMBERS_BYTES = 2 * Long.BYTES;
    private static final int MD5_BYTES = 16;
    private static final String DIGITS = "0123456789abcdef";

    private Attributes() {}

    private static void write(RemoteAttributes attributes, DataOutput out) throws IOException {
      out.writeLong(attributes.size());
      out.writeLong(attributes.modifiedMillis());
      String version = attributes.version();
      boolean md5 = isMd5(version);
      out.writeBoolean(md5);
      if (md5) {
        out.write(HexFormat.of().parseHex(version, 1, version.length() - 1));
      } else {
        out.writeUTF(version);
      }
    }

    /** Whether it comes out the same of its bytes, in lower case and quotes. */
    private static boolean isMd5(String version) {
      int length = version.length();
      if (length != 2 * MD5_BYTES + 2 || version.charAt(0) != '"') {
        return false;
      }
      for (int i = 1; i < length - 1; i++) {
        if (DIGITS.indexOf(version.charAt(i)) < 0) {
          return false;
        }
      }
      return version.charAt(length - 1) == '"';
    }

    private static RemoteAttributes read(DataInput in) throws IOException {
      long size = in.readLong();
      long modified = in.readLong();
      if (!in.readBoolean()) {
        return new RemoteAttributes(size, modified, in.readUTF(), false);
      }
      byte[] md5 = new byte[MD5_BYTES];
      in.readFully(md5);
      String version = '"' + HexFormat.of().formatHex(md5) + '"';
      return new RemoteAttributes(size, modified, version, false);
    }

    private static void skip(DataInput in) throws IOException {
      in.skipBytes(NUMBERS_BYTES);
      in.skipBytes(in.readBoolean() ? MD5_BYTES : in.readUnsignedShort());
    }
  }

  /** One that is read from where it is kept. */
  final class Kept implements ListedBlock, Iterator<Listed> {
    private final String first;
    private final DataInput in;

    /** Of the file whose attributes come next. */
    private String name;

    private boolean more = true;

    private Kept(String first, DataInput in) {
      this.first = first;
      this.in = in;
      this.name = first;
    }

    @Override
    public String first() {
      return first;
    }

    @Override
    public Iterator<Listed> from(String key) {
      try {
        readName();
        while (more && Listing.ORDER.compare(name, key) < 0) {
          Attributes.skip(in);
          readMore();
        }
        return this;
      } catch (IOException e) {
        throw unreadable(e);
      }
    }

    private void readName() throws IOException {
      name = name.substring(0, in.readUnsignedShort()) + in.readUTF();
    }

    private void readMore() throws IOException {
      more = in.readBoolean();
      if (more) {
        readName();
      }
    }

    private static UncheckedIOException unreadable(IOException e) {
      return new UncheckedIOException("Cannot read what was listed", e);
    }

    @Override
    public boolean hasNext() {
      return more;
    }

    @Override
    public Listed next() {
      if (!more) {
        throw new NoSuchElementException();
      }
      try {
        Listed file = new Listed(name, Attributes.read(in));
        readMore();
        return file;
      } catch (IOException e) {
        throw unreadable(e);
      }
    }
  }
}
