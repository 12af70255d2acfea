package simsiam.pipelines.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import simsiam.mlflow.client.RunRequest;

class StageRunIdsTest {
  private static final String FINGERPRINT = "0123456789abcdef0123";

  @TempDir Path folder;

  @Test
  void aContinuedStageKeepsItsRunAndAFinishedOneIsFound() throws Exception {
    StageRunIds ids = new StageRunIds(folder);
    String uid = ids.of("knn", FINGERPRINT, false);
    assertThat(ids.of("knn", FINGERPRINT, true)).isEqualTo(uid);
    assertThat(ids.madeBy("knn", FINGERPRINT)).isEmpty();
    ids.finished("knn", FINGERPRINT);
    assertThat(ids.madeBy("knn", FINGERPRINT)).contains(uid);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\u0000\u0000", "{}", "no uid"})
  void aDamagedIdIsNone(String content) throws Exception {
    StageRunIds ids = new StageRunIds(folder);
    Path file = folder.resolve("knn-" + FINGERPRINT.substring(0, 16));
    Files.writeString(file, content);
    String fresh = ids.of("knn", FINGERPRINT, true);
    assertThat(fresh).matches(RunRequest::isUid);
    assertThat(ids.of("knn", FINGERPRINT, true)).isEqualTo(fresh);
    ids.finished("knn", FINGERPRINT);
    Files.writeString(folder.resolve("finished").resolve(file.getFileName()), content);
    assertThat(ids.madeBy("knn", FINGERPRINT)).isEmpty();
  }
}
