package simsiam.pipelines.stages.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import simsiam.model.file.CanonicalJson;

/**
 * Where the stages of one run have their outputs, as its plan says.
 *
 * @param byStage folders, which exist once their stage has finished
 */
public record RunFolders(Map<String, Path> byStage) {
  private static final String PLAN = "plan.json";

  public RunFolders {
    byStage = Map.copyOf(byStage);
  }

  /** Whether a folder is that of a run. */
  public static boolean isRun(Path folder) {
    return Files.exists(folder.resolve(PLAN));
  }

  public static RunFolders of(Path invocation) {
    Map<String, Path> folders = new HashMap<>();
    for (JsonNode row : CanonicalJson.read(invocation.resolve(PLAN), JsonNode.class)) {
      folders.put(row.get("stage").asText(), Path.of(row.get("output").asText()));
    }
    return new RunFolders(folders);
  }

  /** The output of a stage, if it is there. */
  public Optional<Path> finished(String stage) {
    return Optional.ofNullable(byStage.get(stage)).filter(Files::isDirectory);
  }
}
