package simsiam.pipelines.source.digest;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * What tells one state of a file from another without reading it. Links are followed: it is the
 * stamp of what is read. Times are nanoseconds since 1970.
 *
 * @param bytes its size
 * @param modified time of the last change of the content, which anybody may set
 * @param changed time of the last change of content, attributes or name, which only the system
 *     sets; {@code modified} where there is none
 * @param device number of the file system it is on; 0 where there is none
 * @param inode its number there; 0 where there is none
 * @param version what a store calls this content, such as an ETag; empty where it does not
 */
public record FileStamp(
    long bytes, long modified, long changed, long device, long inode, String version)
    implements Serializable {
  /**
   * How long after a change another one may leave the same times: no file system in use counts in
   * longer steps.
   */
  static final long GRAIN_NANOS = TimeUnit.SECONDS.toNanos(2);

  private static final String UNIX = "unix";
  private static final String UNIX_ATTRIBUTES = "unix:size,lastModifiedTime,ctime,dev,ino";

  /** The stamp of a file as it is now; of a store's file, as it was listed last. */
  public static FileStamp of(Path file) throws IOException {
    if (file.getFileSystem().supportedFileAttributeViews().contains(UNIX)) {
      Map<String, Object> attributes = Files.readAttributes(file, UNIX_ATTRIBUTES);
      return new FileStamp(
          (Long) attributes.get("size"),
          nanos((FileTime) attributes.get("lastModifiedTime")),
          nanos((FileTime) attributes.get("ctime")),
          (Long) attributes.get("dev"),
          (Long) attributes.get("ino"),
          "");
    }
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    // A listing may tell milliseconds of a file of which a question for it alone tells seconds.
    long modified = TimeUnit.SECONDS.toNanos(attributes.lastModifiedTime().to(TimeUnit.SECONDS));
    String version = Objects.toString(attributes.fileKey(), "");
    return new FileStamp(attributes.size(), modified, modified, 0, 0, version);
  }

  /** A stamp that was written by {@link #write}. */
  static FileStamp read(DataInput in) throws IOException {
    return new FileStamp(
        in.readLong(), in.readLong(), in.readLong(), in.readLong(), in.readLong(), in.readUTF());
  }

  void write(DataOutput out) throws IOException {
    out.writeLong(bytes);
    out.writeLong(modified);
    out.writeLong(changed);
    out.writeLong(device);
    out.writeLong(inode);
    out.writeUTF(version);
  }

  private static long nanos(FileTime time) {
    return time.to(TimeUnit.NANOSECONDS);
  }

  /**
   * Whether a change of the content after a moment would show in the stamp: it does not while the
   * clock stands where it stood at the last change.
   */
  public boolean settledAt(long nanos) {
    return !version.isEmpty() || changed < nanos - GRAIN_NANOS;
  }

  /**
   * Whether a file was left alone between two stamps. Numbers are not compared, as some file
   * systems give a file new ones.
   */
  boolean untouchedUntil(FileStamp later) {
    return bytes == later.bytes
        && modified == later.modified
        && changed == later.changed
        && sameVersion(later);
  }

  /**
   * Whether another machine may have seen the same file: clients of a shared file system agree on
   * size and time, and on the latter in whole seconds.
   */
  boolean agreesWith(FileStamp elsewhere) {
    return bytes == elsewhere.bytes
        && TimeUnit.NANOSECONDS.toSeconds(modified)
            == TimeUnit.NANOSECONDS.toSeconds(elsewhere.modified)
        && sameVersion(elsewhere);
  }

  private boolean sameVersion(FileStamp other) {
    return version.isEmpty() || other.version.isEmpty() || version.equals(other.version);
  }
}
