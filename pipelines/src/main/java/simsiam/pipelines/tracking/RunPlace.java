package simsiam.pipelines.tracking;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import simsiam.mlflow.client.RunRequest;
import simsiam.pipelines.stage.Json;

/**
 * What the run of an invocation is in MLflow where it is one of several that belong together: a
 * process gives it to its child in a file. Another attempt goes on in the same run.
 *
 * @param uid identity of the run
 * @param parent uid of the run below which it is
 * @param name of the run in lists
 * @param tags besides those that each run has
 */
public record RunPlace(String uid, String parent, String name, Map<String, String> tags) {
  /** The system property that names the file. */
  public static final String PROPERTY = "simsiam.place";

  /** The place that this process was given, if it was given one. */
  public static Optional<RunPlace> ofThisProcess() throws IOException {
    String file = System.getProperty(PROPERTY, "");
    return file.isEmpty()
        ? Optional.empty()
        : Optional.of(Json.read(Path.of(file), RunPlace.class));
  }

  /** Writes it for a child; gives the options of Java with which the child finds it. */
  List<String> give(Path file) throws IOException {
    Json.write(file, this);
    return List.of("-D" + PROPERTY + "=" + file);
  }

  /** A run in this place that is else as a request says. */
  RunRequest of(RunRequest request) {
    Map<String, String> all = new LinkedHashMap<>(request.tags());
    all.putAll(tags);
    return RunRequest.of(uid, request.experiment(), name)
        .under(parent)
        .withParams(request.params())
        .withTags(all)
        .withDescription(request.description());
  }
}
