package simsiam.pipelines.remote;

import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/**
 * What a store tells of a file. A folder is what files lie in; it has neither size nor time.
 *
 * @param size in bytes
 * @param modifiedMillis time of the last change, milliseconds since 1970
 * @param version what the store calls this content, such as an ETag; empty where it does not
 */
record RemoteAttributes(long size, long modifiedMillis, String version, boolean isDirectory)
    implements BasicFileAttributes {
  static final RemoteAttributes FOLDER = new RemoteAttributes(0, 0, "", true);

  @Override
  public FileTime lastModifiedTime() {
    return FileTime.fromMillis(modifiedMillis);
  }

  @Override
  public FileTime lastAccessTime() {
    return lastModifiedTime();
  }

  @Override
  public FileTime creationTime() {
    return lastModifiedTime();
  }

  @Override
  public boolean isRegularFile() {
    return !isDirectory;
  }

  @Override
  public boolean isSymbolicLink() {
    return false;
  }

  @Override
  public boolean isOther() {
    return false;
  }

  @Override
  public Object fileKey() {
    return version.isEmpty() ? null : version;
  }
}
