package simsiam.pipelines.redact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import simsiam.pipelines.config.load.ConfigLoader;
import simsiam.pipelines.config.load.ConfigValues;

class RedactionTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        // URIs
        "http://user:PW@host:5000/a | http://***@host:5000/a",
        "http://PW@host | http://***@host",
        "got http://user:PW@host, see | got http://***@host, see",
        "(command line: tracking.uri=http://u:P@W@host) | (command line: tracking.uri=http://***@host)",
        "s3://AKIA:P/W+x@bucket/key | s3://***@bucket/key",
        "jdbc:postgresql://u:PW@h/db and ftp://u:PW@h | jdbc:postgresql://***@h/db and ftp://***@h",
        "http://h/?token=PW | http://h/?token=***",
        "(http://h/a?x=1&access_token=PW&y=2) | (http://h/a?x=1&access_token=***&y=2)",
        "http://h/a?X-Amz-Credential=PW&X-Amz-Signature=PW&X-Amz-Date=1 | http://h/a?X-Amz-Credential=***&X-Amz-Signature=***&X-Amz-Date=1",
        "https://h/blob?sv=1&sig=PW%3D | https://h/blob?sv=1&sig=***",
        "https://h/a?key=PW. | https://h/a?key=***.",
        "MLflow: http://127.0.0.1:5000/#/experiments/1/runs/ab?workflowType=machine_learning | MLflow: http://127.0.0.1:5000/#/experiments/1/runs/ab?workflowType=machine_learning",
        "s3://bucket/cat@2x.png | s3://bucket/cat@2x.png",
        "http://host:5000/cat@2x.png | http://host:5000/cat@2x.png",
        // Options and keys
        "--awsSecretKey=PW --region=eu | --awsSecretKey=*** --region=eu",
        "[--password=PW, --x=1] | [--password=***, --x=1]",
        "tracking.password=PW | tracking.password=***",
        "db_pass='P W' x | db_pass=*** x",
        "--awsCredentialsProvider={\"@type\":\"A\",\"awsSecretKey\":\"PW\"} | --awsCredentialsProvider=***",
        "-Dspark.hadoop.fs.s3a.secret.key=PW | -Dspark.hadoop.fs.s3a.secret.key=***",
        "AWS_SECRET_ACCESS_KEY=PW | AWS_SECRET_ACCESS_KEY=***",
        "expected key=value, got nothing | expected key=value, got nothing",
        "train.epochs=5 knn.k=200 | train.epochs=5 knn.k=200",
        // Fields
        "{\"awsSecretKey\":\"PW\",\"b\":\"c\"} | {\"awsSecretKey\": \"***\",\"b\":\"c\"}",
        "{password: PW, b: c} | {password: ***, b: c}",
        "Unexpected token: x | Unexpected token: x",
        "Unrecognized token 'foo': was expecting | Unrecognized token 'foo': was expecting",
        // Headers
        "Authorization: Bearer abcDEF123456.7 | Authorization: Bearer ***",
        "Proxy-Authorization: Basic dXNlcjpwYXNzd29yZA== | Proxy-Authorization: Basic ***",
        "Basic authentication is not enough | Basic authentication is not enough",
      })
  void whatIsASecretIsHiddenAndNothingElse(String text, String shown) {
    assertThat(Redaction.text(text)).isEqualTo(shown);
    assertThat(Redaction.text(shown)).as("again").isEqualTo(shown);
  }

  @Test
  void theWordsOfACommandLineAreHiddenWhole() {
    assertThat(
            Redaction.words(
                List.of(
                    "run",
                    "conf/x.yaml",
                    "name=a",
                    "x.token=P W & 'x' \"y\"",
                    "--",
                    "--password",
                    "P W",
                    "--awsSecretKey=a,b)c",
                    "--parallelism=2")))
        .containsExactly(
            "run",
            "conf/x.yaml",
            "name=a",
            "x.token=***",
            "--",
            "--password",
            "***",
            "--awsSecretKey=***",
            "--parallelism=2");
  }

  @Test
  void aLearnedSecretIsHiddenWhereverItTurnsUp() {
    Redaction.learn(
        List.of("--password=lear,ned) one", "u=http://me:lear%2Fned2@host?token=learned/3"));
    Redaction.learn(Map.of("X_TOKEN", "learned-4", "PATH_TOKEN", "/", "MODE", "learned-5"));
    assertThat(
            Redaction.text(
                "a lear,ned) one b lear/ned2 c lear%2Fned2 d learned/3 e learned-4 f learned-5 /"))
        .isEqualTo("a *** b *** c *** d *** e *** f learned-5 /");
  }

  @Test
  void noKeyOfTheConfigurationSoundsLikeASecret() {
    Path base = Path.of("..", "conf", "base.yaml");
    assertThat(
            ConfigValues.all(new ConfigLoader(Optional.empty()).load(base, List.of()).config())
                .keySet())
        .hasSizeGreaterThan(60)
        .noneMatch(Redaction::sounds);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "://",
        "x://a:",
        "&t=",
        "\"a\":",
        "token=",
        "password: ",
        "Bearer ",
        " ",
        "?token=)"
      })
  void longTextTakesNoLongTime(String part) {
    String text = part.repeat(200_000 / part.length());
    assertTimeoutPreemptively(Duration.ofSeconds(10), () -> Redaction.text(text));
  }
}
