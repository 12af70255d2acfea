package simsiam.pipelines.remote;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.beam.sdk.io.FileSystem;
import org.apache.beam.sdk.io.FileSystemRegistrar;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.options.PipelineOptionsRegistrar;

/** How Beam's file systems find their stores: Beam options, some of them from the environment. */
public final class StoreOptions {
  private static final Map<String, String> PROFILES =
      Map.of("s3", "s3", "gs", "gcs", "hdfs", "hdfs");

  static final String SCHEMES = "s3://, gs:// or hdfs://";

  private static volatile PipelineOptions current;

  private StoreOptions() {}

  /** Told of the options that Beam's file systems get, as they are: on workers by Beam itself. */
  public static final class Registrar implements FileSystemRegistrar {
    @Override
    public Iterable<FileSystem<?>> fromOptions(PipelineOptions options) {
      current = options;
      return List.of();
    }
  }

  /** A place in a store for which this build has no file system: the user's to change. */
  public static final class NotBuiltException extends IOException {
    private static final long serialVersionUID = 1L;

    NotBuiltException(String message) {
      super(message);
    }
  }

  /** Whether a build of the program can have a file system for it. */
  static boolean isStore(String scheme) {
    return PROFILES.containsKey(scheme);
  }

  /** Has Beam's file systems use these options in this process. */
  public static void use(PipelineOptions options) {
    FileSystems.setDefaultPipelineOptions(options);
  }

  /** Those that they use; none before any store was used. */
  static Optional<PipelineOptions> current() {
    return Optional.ofNullable(current);
  }

  /**
   * Beam options that the environment sets as it does for other programs, where the build has S3:
   * {@code AWS_ENDPOINT_URL_S3} or {@code AWS_ENDPOINT_URL}, and {@code AWS_DEFAULT_REGION} where
   * {@code AWS_REGION} is not set.
   *
   * @param given whether the user has set a Beam option of this name
   */
  public static List<String> of(Map<String, String> environment, Predicate<String> given) {
    List<String> added = new ArrayList<>();
    if (!hasS3()) {
      return added;
    }
    Optional<String> endpoint = first(environment, "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL");
    if (endpoint.isPresent() && !given.test("endpoint")) {
      added.add("--endpoint=" + endpoint.get());
    }
    Optional<String> region = first(environment, "AWS_REGION", "AWS_DEFAULT_REGION");
    if (region.isPresent() && !given.test("awsRegion")) {
      added.add("--awsRegion=" + region.get());
    }
    return added;
  }

  private static Optional<String> first(Map<String, String> environment, String... names) {
    return Stream.of(names)
        .map(name -> environment.getOrDefault(name, ""))
        .filter(value -> !value.isBlank())
        .findFirst();
  }

  private static boolean hasS3() {
    return ServiceLoader.load(PipelineOptionsRegistrar.class).stream()
        .anyMatch(provider -> provider.type().getSimpleName().startsWith("Aws"));
  }

  /**
   * Checks that this build has a file system for a place. A process that nobody has told its
   * options takes those of the environment; a worker has got the pipeline's.
   *
   * @throws NotBuiltException if it has none, with the profile that adds it
   */
  static void require(String place) throws IOException {
    if (known(place)) {
      return;
    }
    use(
        PipelineOptionsFactory.fromArgs(of(System.getenv(), name -> false).toArray(new String[0]))
            .create());
    if (!known(place)) {
      String scheme = place.substring(0, place.indexOf(':'));
      String profile = PROFILES.get(scheme);
      throw new NotBuiltException(
          "Cannot reach %s: expected %s, got %s://"
              .formatted(
                  place,
                  profile == null
                      ? SCHEMES
                      : "a build with the Maven profile %s (MAVEN_ARGS=-P%s before the command)"
                          .formatted(profile, profile),
                  profile == null ? scheme : "one without, " + scheme));
    }
  }

  private static boolean known(String place) throws IOException {
    try {
      int path = place.indexOf('/', place.indexOf("://") + 3);
      FileSystems.matchNewResource(path < 0 ? place : place.substring(0, path) + "/", path >= 0);
      return true;
    } catch (IllegalArgumentException e) {
      if (String.valueOf(e.getMessage()).startsWith("No filesystem found")) {
        return false;
      }
      throw new StoreException("Cannot reach %s: %s".formatted(place, RemoteStore.cause(e)), e);
    }
  }
}
