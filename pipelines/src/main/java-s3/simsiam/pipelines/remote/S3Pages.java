package simsiam.pipelines.remote;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.beam.sdk.io.aws2.options.S3Options;
import org.apache.beam.sdk.io.aws2.s3.S3FileSystemConfiguration;
import org.apache.beam.sdk.options.PipelineOptions;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Objects of a bucket, a thousand to a request. Beam, asked for all of them, has a list of them and
 * asks for each by a request of its own, for what is of no use here.
 */
final class S3Pages implements Pages {
  private static Client last;

  /** A client, and the options that it was made of. */
  private record Client(PipelineOptions options, S3Client client) {}

  private final S3Client client;
  private final String bucket;
  private final String prefix;
  private String token;
  private boolean ended;

  S3Pages(PipelineOptions options, String bucket, String prefix) {
    this.client = client(options);
    this.bucket = bucket;
    this.prefix = prefix;
  }

  /** The client as Beam makes it, one for all listings with the same options. */
  private static synchronized S3Client client(PipelineOptions options) {
    if (last == null || last.options() != options) {
      S3FileSystemConfiguration beam =
          S3FileSystemConfiguration.fromS3Options(options.as(S3Options.class));
      last = new Client(options, beam.getS3ClientBuilder().build());
    }
    return last.client();
  }

  @Override
  public Optional<Iterable<Listed>> next() {
    if (ended) {
      return Optional.empty();
    }
    ListObjectsV2Response page =
        client.listObjectsV2(
            ListObjectsV2Request.builder()
                .bucket(bucket)
                .prefix(prefix)
                .continuationToken(token)
                .build());
    token = page.nextContinuationToken();
    ended = token == null;
    List<Listed> files = new ArrayList<>();
    for (S3Object object : page.contents()) {
      files.add(new Listed("/" + object.key(), attributes(object)));
    }
    return Optional.of(files);
  }

  private static RemoteAttributes attributes(S3Object object) {
    return new RemoteAttributes(
        object.size(),
        object.lastModified().toEpochMilli(),
        Objects.toString(object.eTag(), ""),
        false);
  }
}
