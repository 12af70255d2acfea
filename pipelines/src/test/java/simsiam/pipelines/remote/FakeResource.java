package simsiam.pipelines.remote;

import org.apache.beam.sdk.io.fs.ResolveOptions;
import org.apache.beam.sdk.io.fs.ResourceId;

/** A file of a made-up file system, by its place. */
record FakeResource(String uri) implements ResourceId {
  private static final long serialVersionUID = 1L;

  @Override
  public ResourceId resolve(String other, ResolveOptions options) {
    return new FakeResource(uri + "/" + other);
  }

  @Override
  public ResourceId getCurrentDirectory() {
    return new FakeResource(uri.substring(0, uri.lastIndexOf('/') + 1));
  }

  @Override
  public String getScheme() {
    return uri.substring(0, uri.indexOf(':'));
  }

  @Override
  public String getFilename() {
    return uri.substring(uri.lastIndexOf('/') + 1);
  }

  @Override
  public boolean isDirectory() {
    return uri.endsWith("/");
  }

  @Override
  public String toString() {
    return uri;
  }
}
