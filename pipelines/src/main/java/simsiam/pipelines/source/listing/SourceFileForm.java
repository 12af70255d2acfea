package simsiam.pipelines.source.listing;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.file.Path;
import simsiam.pipelines.spool.SpooledList;
import simsiam.pipelines.spool.TextForm;

/**
 * How files of a source are kept where there are many.
 *
 * @param place the folder that they lie below, or the archive that they lie in
 * @param prefix of all names, which is not kept
 */
public record SourceFileForm(Path place, String prefix) implements SpooledList.Form<SourceFile> {
  /** Of files that have no more of their names in common than their place. */
  public SourceFileForm(Path place) {
    this(place, "");
  }

  /** Lies below the folder, under its name. */
  private static final int NAMED = 0;

  /** Lies below the folder, under another name. */
  private static final int ELSEWHERE = 1;

  private static final int PACKED = 2;
  private static final int STREAMED = 3;
  private static final int MISSING = 4;

  @Override
  public void write(SourceFile file, DataOutput out) throws IOException {
    TextForm.TEXT.write(file.name().substring(prefix.length()), out);
    out.writeLong(file.bytes());
    out.writeInt(file.label());
    SourceFile.Location at = file.at();
    int kind = kind(file);
    out.writeByte(kind);
    if (at instanceof SourceFile.OnDisk disk && kind == ELSEWHERE) {
      TextForm.TEXT.write(below(disk.path()), out);
    } else if (at instanceof SourceFile.Packed packed) {
      out.writeLong(packed.offset());
      out.writeLong(packed.packedBytes());
      out.writeBoolean(packed.deflated());
      out.writeLong(packed.crc32());
    } else if (at instanceof SourceFile.Streamed streamed) {
      TextForm.TEXT.write(streamed.entry(), out);
      out.writeLong(streamed.number());
    } else if (at instanceof SourceFile.Missing missing) {
      TextForm.TEXT.write(missing.reason(), out);
      TextForm.TEXT.write(missing.problem(), out);
    }
  }

  private int kind(SourceFile file) {
    if (file.at() instanceof SourceFile.OnDisk disk) {
      return place.resolve(file.name()).equals(disk.path()) ? NAMED : ELSEWHERE;
    }
    if (file.at() instanceof SourceFile.Packed) {
      return PACKED;
    }
    return file.at() instanceof SourceFile.Streamed ? STREAMED : MISSING;
  }

  private String below(Path path) {
    String relative = place.relativize(path).toString();
    if (!place.resolve(relative).equals(path)) {
      throw new IllegalArgumentException(
          "Cannot keep a file: expected one below %s, got %s".formatted(place, path));
    }
    return relative;
  }

  @Override
  public SourceFile read(DataInput in) throws IOException {
    String name = prefix + TextForm.TEXT.read(in);
    long bytes = in.readLong();
    int label = in.readInt();
    return new SourceFile(name, bytes, location(name, in), label);
  }

  private SourceFile.Location location(String name, DataInput in) throws IOException {
    int kind = in.readByte();
    return switch (kind) {
      case NAMED -> new SourceFile.OnDisk(place.resolve(name));
      case ELSEWHERE -> new SourceFile.OnDisk(place.resolve(TextForm.TEXT.read(in)));
      case PACKED ->
          new SourceFile.Packed(
              place, in.readLong(), in.readLong(), in.readBoolean(), in.readLong());
      case STREAMED -> new SourceFile.Streamed(place, TextForm.TEXT.read(in), in.readLong());
      case MISSING -> new SourceFile.Missing(TextForm.TEXT.read(in), TextForm.TEXT.read(in));
      default -> throw new IOException("expected a kind of place, got " + kind);
    };
  }
}
