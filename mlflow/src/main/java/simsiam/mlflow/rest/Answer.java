package simsiam.mlflow.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** Tells a good answer from a refusal and from a server that is not well. */
final class Answer {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern SECONDS = Pattern.compile("\\d{1,6}");
  private static final int SHOWN = 300;

  private Answer() {}

  /**
   * The JSON object in a good answer.
   *
   * @throws RejectedException on a 4xx in MLflow's own form: an answer to the request itself
   * @throws UnavailableException on everything else that is not a JSON object: 408, 425, 429, 5xx,
   *     refused credentials, and answers of proxies or of servers that are not MLflow, for which no
   *     data may be given up
   */
  static JsonNode check(HttpResponse<String> response) throws IOException, RejectedException {
    int status = response.statusCode();
    Optional<JsonNode> body = parse(response.body());
    if (status / 100 == 2) {
      return body.orElseThrow(
          () -> new UnavailableException(say(response, "expected JSON, got " + cut(response))));
    }
    String code = body.map(json -> json.path("error_code").asText()).orElse("");
    if (status == 401 || status == 403) {
      throw new UnavailableException(say(response, denied(response.uri(), response.body())));
    }
    boolean passing = status == 408 || status == 425 || status == 429 || status / 100 != 4;
    boolean tooLarge = status == 413;
    if (!passing && (tooLarge || !code.isEmpty())) {
      String message = body.map(json -> json.path("message").asText()).orElse("");
      throw new RejectedException(status, code, message.isEmpty() ? cut(response) : message);
    }
    throw new UnavailableException(say(response, cut(response)), status, retryAfter(response));
  }

  /** Like {@link #check}, for requests whose good answer is empty. */
  static void checkStatus(HttpResponse<String> response) throws IOException, RejectedException {
    if (response.statusCode() / 100 != 2) {
      check(response);
    }
  }

  private static Optional<JsonNode> parse(String body) {
    try {
      JsonNode json = JSON.readTree(body);
      return json != null && json.isObject() ? Optional.of(json) : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty(); // The caller reports the body as it is.
    }
  }

  /** What to do about a 401 or 403. */
  static String denied(URI uri, String body) {
    if (body.contains("Invalid Host header")) {
      return "the server does not accept the host name "
          + uri.getHost()
          + "; start it with --allowed-hosts "
          + uri.getAuthority();
    }
    return "access denied; set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or"
        + " MLFLOW_TRACKING_TOKEN";
  }

  private static String say(HttpResponse<String> response, String what) {
    return "HTTP " + response.statusCode() + " from " + response.uri().getPath() + ": " + what;
  }

  private static String cut(HttpResponse<String> response) {
    String text = response.body().strip();
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
  }

  private static Duration retryAfter(HttpResponse<String> response) {
    return response
        .headers()
        .firstValue("Retry-After")
        .filter(value -> SECONDS.matcher(value).matches())
        .map(value -> Duration.ofSeconds(Long.parseLong(value)))
        .orElse(Duration.ZERO);
  }
}
