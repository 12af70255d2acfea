package simsiam.pipelines.remote;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import simsiam.pipelines.beam.BeamOptions;
import simsiam.pipelines.runner.ClusterProcess;

/** A server on this machine that speaks S3 and keeps its buckets in a folder: S3Proxy. */
public final class S3Server implements TestStore {
  private static final String CONF =
      """
      s3proxy.endpoint=http://127.0.0.1:%s
      s3proxy.authorization=aws-v2-or-v4
      s3proxy.identity=reader
      s3proxy.credential=of pictures
      s3proxy.ignore-unknown-headers=true
      jclouds.provider=filesystem
      jclouds.filesystem.basedir=%s
      """;

  private final int port = ClusterProcess.freePort();
  private final String bucket;
  private final Path log;
  private final ClusterProcess process;

  /**
   * Starts it, and has this process reach it.
   *
   * @param bucket that it starts with
   */
  public S3Server(Path folder, String bucket) throws IOException, InterruptedException {
    this.bucket = bucket;
    this.log = folder.resolve("s3proxy.log");
    Path buckets = folder.resolve("buckets");
    Files.createDirectories(buckets.resolve(bucket));
    Path conf = folder.resolve("s3proxy.conf");
    Files.writeString(conf, CONF.formatted(port, buckets));
    process =
        ClusterProcess.java(
            log,
            Map.of("LOG_LEVEL", "debug"),
            List.of(
                "-Xmx256m",
                "-jar",
                System.getProperty("simsiam.s3proxy"),
                "--properties",
                conf.toString()));
    process.awaitPort(port);
    settings().forEach(System::setProperty);
    StoreOptions.use(BeamOptions.parse(options()));
  }

  private static Map<String, String> settings() {
    return new TreeMap<>(
        Map.of(
            "aws.accessKeyId", "reader",
            "aws.secretAccessKey", "of pictures",
            "aws.region", "eu-central-1"));
  }

  @Override
  public Path bucket() {
    return Places.path("s3://" + bucket);
  }

  @Override
  public List<String> options() {
    return List.of("--endpoint=" + address());
  }

  @Override
  public Map<String, String> environment() {
    return Map.of(
        "AWS_ACCESS_KEY_ID", "reader",
        "AWS_SECRET_ACCESS_KEY", "of pictures",
        "AWS_REGION", "eu-central-1",
        "AWS_ENDPOINT_URL", address());
  }

  /**
   * How many requests it has got.
   *
   * @param method such as {@code GET}
   * @param part of the address
   */
  long requests(String method, String part) throws IOException {
    try (Stream<String> lines = Files.lines(log)) {
      return lines
          .filter(line -> line.contains("Request(%s ".formatted(method)) && line.contains(part))
          .count();
    }
  }

  private String address() {
    return "http://127.0.0.1:" + port;
  }

  /** Ends the server; what was asked for in this process is forgotten. */
  @Override
  public void close() {
    process.close();
    settings().keySet().forEach(System::clearProperty);
  }
}
