package simsiam.pipelines.runner;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import simsiam.model.file.CanonicalJson;

/** A standalone Flink cluster on this machine: a JobManager and TaskManagers as processes. */
public final class FlinkCluster implements AutoCloseable {
  private static final String CONF =
      """
      jobmanager.rpc.address: 127.0.0.1
      jobmanager.rpc.port: %s
      rest.address: 127.0.0.1
      rest.bind-address: 127.0.0.1
      rest.port: %s
      taskmanager.host: 127.0.0.1
      taskmanager.numberOfTaskSlots: 2
      taskmanager.cpu.cores: 2.0
      taskmanager.memory.task.heap.size: 256m
      taskmanager.memory.task.off-heap.size: 0
      taskmanager.memory.network.min: 256m
      taskmanager.memory.network.max: 256m
      taskmanager.memory.managed.size: 64m
      taskmanager.memory.framework.heap.size: 64m
      taskmanager.memory.framework.off-heap.size: 64m
      taskmanager.memory.jvm-metaspace.size: 128m
      taskmanager.memory.jvm-overhead.min: 64m
      taskmanager.memory.jvm-overhead.max: 64m
      cluster.evenly-spread-out-slots: true
      restart-strategy.type: fixed-delay
      restart-strategy.fixed-delay.attempts: 3
      restart-strategy.fixed-delay.delay: 1 s
      heartbeat.interval: 500
      heartbeat.timeout: 3000
      io.tmp.dirs: %s
      """;

  private final Path folder;
  private final Map<String, String> environment;
  private final int rest = ClusterProcess.freePort();
  private final HttpClient http = HttpClient.newHttpClient();
  private final ClusterProcess jobManager;
  private final List<ClusterProcess> taskManagers = new ArrayList<>();

  FlinkCluster(Path folder, int workers) throws IOException, InterruptedException {
    this(folder, workers, Map.of());
  }

  /** Starts one that restarts nothing unless a job asks for it. */
  public static FlinkCluster withoutRestarts(Path folder, int workers)
      throws IOException, InterruptedException {
    return new FlinkCluster(
        folder, workers, Map.of(), CONF.replaceAll("(?m)^restart-strategy.*\\n", ""));
  }

  /**
   * Starts it.
   *
   * @param environment variables of its processes
   */
  FlinkCluster(Path folder, int workers, Map<String, String> environment)
      throws IOException, InterruptedException {
    this(folder, workers, environment, CONF);
  }

  private FlinkCluster(Path folder, int workers, Map<String, String> environment, String conf)
      throws IOException, InterruptedException {
    this.folder = Files.createDirectories(folder);
    this.environment = environment;
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    Files.writeString(
        folder.resolve("flink-conf.yaml"),
        conf.formatted(ClusterProcess.freePort(), rest, temporary));
    jobManager = start("org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint");
    jobManager.await(this::answers);
    for (int i = 0; i < workers; i++) {
      taskManagers.add(startWorker());
    }
    awaitWorkers(workers);
  }

  private ClusterProcess startWorker() throws IOException {
    return start("org.apache.flink.runtime.taskexecutor.TaskManagerRunner");
  }

  /** Starts a worker in the place of one that was killed. */
  void replace(int index) throws IOException, InterruptedException {
    taskManagers.set(index, startWorker());
    awaitWorkers(taskManagers.size());
  }

  private void awaitWorkers(int count) throws IOException, InterruptedException {
    for (ClusterProcess worker : taskManagers) {
      worker.await(() -> get("/overview").get("slots-total").asInt() == 2 * count);
    }
  }

  private ClusterProcess start(String main) throws IOException {
    List<String> jars =
        ClassPath.of(
            "org/apache/flink",
            "org/apache/commons",
            "commons-cli",
            "commons-collections",
            "commons-io",
            "org/slf4j",
            "ch/qos/logback",
            "org/lz4",
            "org/xerial",
            "com/esotericsoftware",
            "org/objenesis",
            "org/javassist",
            "com/twitter",
            "org/snakeyaml",
            "com/google/code/findbugs");
    return ClusterProcess.java(
        Files.createTempFile(folder, "log", ".txt"),
        environment,
        List.of(
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dlogback.configurationFile=" + ClassPath.logging(),
            "-cp",
            String.join(":", jars),
            main,
            "--configDir",
            folder.toString()));
  }

  /** Where jobs are sent to. */
  public String address() {
    return "127.0.0.1:" + rest;
  }

  ClusterProcess worker(int index) {
    return taskManagers.get(index);
  }

  /** Workers that the JobManager counts on. */
  int workers() throws IOException {
    return get("/overview").get("taskmanagers").asInt();
  }

  /** The states of all jobs, as Flink calls them. */
  public List<String> states() throws IOException {
    List<String> states = new ArrayList<>();
    get("/jobs").get("jobs").forEach(job -> states.add(job.get("status").asText()));
    return states;
  }

  /** The state of a job, as Flink calls it. */
  String state(String name) throws IOException {
    for (JsonNode job : get("/jobs/overview").get("jobs")) {
      if (job.get("name").asText().equals(name)) {
        return job.get("state").asText();
      }
    }
    throw new AssertionError("No job of the name " + name);
  }

  /** How often the tasks of each job had to be started again. */
  List<Integer> failures() throws IOException {
    List<Integer> failures = new ArrayList<>();
    for (JsonNode job : get("/jobs").get("jobs")) {
      JsonNode history =
          get("/jobs/%s/exceptions".formatted(job.get("id").asText())).get("exceptionHistory");
      failures.add(history.get("entries").size());
    }
    return failures;
  }

  private boolean answers() throws IOException {
    try {
      get("/overview");
      return true;
    } catch (ConnectException e) {
      return false;
    }
  }

  private JsonNode get(String path) throws IOException {
    try {
      HttpResponse<String> reply =
          http.send(
              HttpRequest.newBuilder(URI.create("http://" + address() + path)).build(),
              HttpResponse.BodyHandlers.ofString());
      return CanonicalJson.parse(reply.body());
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() {
    taskManagers.forEach(ClusterProcess::close);
    jobManager.close();
  }
}
