package simsiam.pipelines.remote;

import com.google.api.services.storage.model.Objects;
import com.google.api.services.storage.model.StorageObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.extensions.gcp.options.GcsOptions;
import org.apache.beam.sdk.extensions.gcp.util.GcsUtil;
import org.apache.beam.sdk.options.PipelineOptions;

/** Objects of a bucket of Google's, as many to a request as Beam asks for, by Beam's own client. */
final class GcsPages implements Pages {
  private final GcsUtil client;
  private final String bucket;
  private final String prefix;
  private String token;
  private boolean ended;

  GcsPages(PipelineOptions options, String bucket, String prefix) {
    this.client = options.as(GcsOptions.class).getGcsUtil();
    this.bucket = bucket;
    this.prefix = prefix;
  }

  @Override
  public Optional<Iterable<Listed>> next() throws IOException {
    if (ended) {
      return Optional.empty();
    }
    Objects page = client.listObjects(bucket, prefix, token);
    token = page.getNextPageToken();
    ended = token == null;
    List<Listed> files = new ArrayList<>();
    if (page.getItems() != null) { // a page may have none and others follow
      for (StorageObject object : page.getItems()) {
        files.add(new Listed("/" + object.getName(), attributes(object)));
      }
    }
    return Optional.of(files);
  }

  /** As Beam has them of a single file. */
  private static RemoteAttributes attributes(StorageObject object) {
    return new RemoteAttributes(
        object.getSize() == null ? 0 : object.getSize().longValue(),
        object.getUpdated() == null ? 0 : object.getUpdated().getValue(),
        object.getMd5Hash() == null ? "" : object.getMd5Hash(),
        false);
  }
}
