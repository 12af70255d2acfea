package simsiam.pipelines.remote;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.beam.sdk.io.FileSystem;
import org.apache.beam.sdk.io.FileSystemRegistrar;
import org.apache.beam.sdk.io.fs.CreateOptions;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.apache.beam.sdk.io.fs.MatchResult.Status;
import org.apache.beam.sdk.io.fs.MoveOptions;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;

/**
 * A store of made-up class folders, each file of which is computed when it is asked for: {@code
 * simulated://1000x1300/class-00012/image-0000345.jpg} is one of 1,000 classes of 1,300 files. A
 * file holds its own key.
 */
public final class SimulatedFileSystem extends FileSystem<FakeResource> {
  private static final String SCHEME = "simulated";
  private static final Pattern PLACE =
      Pattern.compile(
          "simulated://(\\d+)x(\\d+)/(?:class-(\\d{5})/)?(?:image-(\\d{7})\\.jpg|\\*\\*)?");

  /** How Beam finds it. */
  public static final class Registrar implements FileSystemRegistrar {
    @Override
    public Iterable<FileSystem<?>> fromOptions(PipelineOptions options) {
      return List.of(new SimulatedFileSystem());
    }
  }

  @Override
  protected List<MatchResult> match(List<String> specs) {
    return specs.stream().map(SimulatedFileSystem::match).toList();
  }

  private static MatchResult match(String spec) {
    Matcher place = PLACE.matcher(spec);
    MatchResult none = MatchResult.create(Status.NOT_FOUND, new FileNotFoundException(spec));
    if (!place.matches()) {
      return none;
    }
    int classes = Integer.parseInt(place.group(1));
    int ofClass = Integer.parseInt(place.group(2));
    int first = place.group(3) == null ? 0 : Integer.parseInt(place.group(3));
    String root = spec.substring(0, spec.indexOf('/', SCHEME.length() + 3));
    if (spec.endsWith("**")) {
      return MatchResult.create(
          Status.OK, files(root, first, place.group(3) == null ? classes : 1, ofClass));
    }
    boolean file = place.group(4) != null && first < classes;
    return file && Integer.parseInt(place.group(4)) < ofClass
        ? MatchResult.create(Status.OK, List.of(metadata(spec, root.length())))
        : none;
  }

  private static List<Metadata> files(String root, int first, int classes, int ofClass) {
    return new AbstractList<>() {
      @Override
      public Metadata get(int index) {
        String uri =
            root
                + "/class-"
                + digits(first + index / ofClass, 5)
                + "/image-"
                + digits(index % ofClass, 7)
                + ".jpg";
        return metadata(uri, root.length());
      }

      @Override
      public int size() {
        return Math.multiplyExact(classes, ofClass);
      }
    };
  }

  private static String digits(int number, int length) {
    return String.valueOf(number + (int) Math.pow(10, length)).substring(1);
  }

  private static Metadata metadata(String uri, int root) {
    return Metadata.builder()
        .setResourceId(new FakeResource(uri))
        .setSizeBytes(uri.length() - root)
        .setIsReadSeekEfficient(true)
        .setLastModifiedMillis(1_500_000_000_000L)
        .setChecksum('"' + HexFormat.of().toHexDigits(uri.hashCode()).repeat(4) + '"')
        .build();
  }

  @Override
  protected ReadableByteChannel open(FakeResource file) throws IOException {
    if (match(file.uri()).status() != Status.OK) {
      throw new FileNotFoundException(file.uri());
    }
    String key = file.uri().substring(file.uri().indexOf('/', SCHEME.length() + 3));
    return new SeekableInMemoryByteChannel(key.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  protected FakeResource matchNewResource(String spec, boolean isDirectory) {
    return new FakeResource(spec);
  }

  @Override
  protected String getScheme() {
    return SCHEME;
  }

  @Override
  protected WritableByteChannel create(FakeResource file, CreateOptions options) {
    throw new UnsupportedOperationException("create");
  }

  @Override
  protected void copy(List<FakeResource> from, List<FakeResource> to) {
    throw new UnsupportedOperationException("copy");
  }

  @Override
  protected void rename(List<FakeResource> from, List<FakeResource> to, MoveOptions... options) {
    throw new UnsupportedOperationException("rename");
  }

  @Override
  protected void delete(Collection<FakeResource> files) {
    throw new UnsupportedOperationException("delete");
  }
}
