package simsiam.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.pipelines.beam.BeamOptions;
import simsiam.pipelines.bench.Benchmarks;
import simsiam.pipelines.cli.call.Call;
import simsiam.pipelines.cli.console.Output;
import simsiam.pipelines.source.Fixtures;
import simsiam.pipelines.stage.Runner;
import simsiam.pipelines.stage.RunnerOptions;

/**
 * Every command of README.md, CONTRIBUTING.md and docs, in their order. Those of the product are
 * run, on stand-ins for the data that they name and networks of a few channels; where a command
 * would measure for minutes, serve until Ctrl-C, or need a cluster, a store or another build, the
 * real command line reads it, to its configuration and the options of Beam.
 */
class ReadmeTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final String HOME = "simsiam.home";

  /** What makes a run one of seconds; a key that a command sets itself is left out. */
  private static final Map<String, String> SMALL =
      Map.ofEntries(
          Map.entry("dataset.limit", "64"),
          Map.entry("augment.crop_size", "16"),
          Map.entry("encoder.arch", "resnet10"),
          Map.entry("encoder.width", "4"),
          Map.entry("projector.dim", "16"),
          Map.entry("predictor.hidden", "8"),
          Map.entry("train.batch_size", "16"),
          Map.entry("train.epochs", "2"),
          Map.entry("knn.k", "5"),
          Map.entry("linear.epochs", "2"),
          Map.entry("tracking.mode", "offline"));

  /** Commands that take no configuration and are run as they are. */
  private static final List<String> PLAIN = List.of("status", "doctor", "report", "export");

  /** Options that leave out stages. */
  private static final List<String> CHOICES = List.of("--only", "--from", "--to");

  @TempDir private Path folder;

  private final List<String> ran = new ArrayList<>();

  /** Names of the runs of all stages, the newest last. */
  private final List<String> whole = new ArrayList<>();

  private Optional<String> homeBefore;

  @BeforeEach
  void standIns() throws IOException {
    homeBefore = Optional.ofNullable(System.getProperty(HOME));
    System.setProperty(HOME, ROOT.toString());
    Fixtures.cifar10(folder.resolve("cifar10"), 20);
    for (String split : List.of("train", "val")) {
      for (int i = 0; i < 40; i++) {
        Path file = Path.of("images", split, i % 2 == 0 ? "tit" : "wren", i + ".png");
        Fixtures.write(folder.resolve(file), Fixtures.png(20, 24, 1_000L * i + split.length()));
      }
    }
    String birds = ReadmeCommands.blocks("yaml").get(0);
    assertThat(birds).contains("path: /data/birds");
    Files.writeString(
        folder.resolve("birds.yaml"),
        birds.replace("/data/birds", folder.resolve("images").toString()));
  }

  @AfterEach
  void restore() {
    homeBefore.ifPresentOrElse(
        before -> System.setProperty(HOME, before), () -> System.clearProperty(HOME));
  }

  @Test
  void everyCommandDoesWhatItIsThereFor() throws Exception {
    for (ReadmeCommands.Command command : ReadmeCommands.all()) {
      check(command);
    }

    assertThat(ran)
        .as("the product's commands that were run")
        .contains("run", "plan", "status", "config", "doctor", "report", "data", "export");
  }

  private void check(ReadmeCommands.Command command) throws IOException {
    for (String variable : command.variables()) {
      if (variable.startsWith("MAVEN_ARGS=")) {
        requireProfiles(variable.substring("MAVEN_ARGS=".length()), command);
      }
    }
    switch (command.program()) {
      case "./simsiam" -> simsiam(command);
      case "./mvnw" -> maven(command);
      case "", "export" -> assertThat(command.toString()).contains("=");
      default -> foreign(command);
    }
  }

  /** Programs of Python: those of this project must be there, others are pip and venv alone. */
  private static void foreign(ReadmeCommands.Command command) {
    String program = command.program();
    if (program.startsWith("eval/")) {
      assertThat(ROOT.resolve(program)).isRegularFile();
      return;
    }
    assertThat(command.toString()).matches(" (python3 -m venv \\w+|\\w+/bin/pip install .+)");
  }

  private void simsiam(ReadmeCommands.Command command) throws IOException {
    List<String> arguments = new ArrayList<>(command.arguments());
    String name = arguments.get(0);
    boolean elsewhere =
        arguments.contains("--runner") || arguments.stream().anyMatch(a -> a.contains("s3://"));
    if (List.of("run", "plan", "config").contains(name)) {
      List<String> full = onStandIns(arguments);
      if (elsewhere) {
        read(full, command);
      } else {
        run(full, command);
      }
    } else if (name.equals("data")) {
      List<String> full = onStandIns(arguments);
      prepared(full.get(2), command);
      run(full, command);
    } else if (PLAIN.contains(name)) {
      if (arguments.contains("SWEEP")) {
        run(onStandIns(List.of("ablate", "--table", "--base", "CONFIG", "seed=0,1")), command);
      }
      run(inWorkspace(arguments), command);
    } else {
      arguments.replaceAll(a -> a.equals("WHAT") ? Benchmarks.NAMES.get(0) : a);
      parse(arguments, command);
    }
  }

  /** Files and places of the command in this test's folder; small settings after its own. */
  private List<String> onStandIns(List<String> arguments) {
    List<String> own = arguments;
    List<String> beam = List.of();
    int dashes = arguments.indexOf("--");
    if (dashes >= 0) {
      own = arguments.subList(0, dashes);
      beam = arguments.subList(dashes, arguments.size());
    }
    List<String> full = new ArrayList<>();
    for (String word : own) {
      if (word.startsWith("conf/")) {
        full.add(ROOT.resolve(word).toString());
      } else if (word.startsWith("workspace=") && !word.contains("://")) {
        full.add("workspace=" + folder.resolve("another"));
      } else {
        full.add(
            word.replace("CONFIG", folder.resolve("birds.yaml").toString())
                .replace("FOLDER", folder.resolve("cifar10").toString()));
      }
    }
    Map<String, String> settings = new TreeMap<>(SMALL);
    settings.put("workspace", folder.resolve("runs").toString());
    if (own.contains("conf/imagenette.yaml")) {
      settings.put("dataset.path", folder.resolve("images").toString());
    }
    settings.forEach(
        (key, value) -> {
          if (full.stream().noneMatch(word -> word.startsWith(key + "="))) {
            full.add(key + "=" + value);
          }
        });
    full.addAll(beam);
    return full;
  }

  private List<String> inWorkspace(List<String> arguments) {
    List<String> full = new ArrayList<>();
    for (String word : arguments) {
      switch (word) {
        case "RUN1" -> full.add(whole.get(whole.size() - 2));
        case "RUN2" -> full.add(whole.get(whole.size() - 1));
        case "SWEEP" -> full.add("grid");
        case "runs/latest" -> full.add(whole.get(whole.size() - 1));
        case "encoder.zip" -> full.add(folder.resolve(word).toString());
        default -> full.add(word);
      }
    }
    full.addAll(List.of("--workspace", folder.resolve("runs").toString()));
    if (full.get(0).equals("export") && !full.contains("--output")) {
      full.addAll(List.of("--output", folder.resolve("encoder.safetensors").toString()));
    }
    return full;
  }

  /** Makes what {@code data} looks into; its sheets go to this test's folder. */
  private void prepared(String config, ReadmeCommands.Command command) throws IOException {
    List<String> run = new ArrayList<>(List.of("run", "conf/imagenette.yaml", "--to", "shard"));
    assertThat(config).endsWith("/conf/imagenette.yaml");
    run(onStandIns(run), command);
  }

  private void run(List<String> arguments, ReadmeCommands.Command command) throws IOException {
    List<String> all = new ArrayList<>(arguments);
    if (List.of("show", "views").contains(arguments.get(1))) {
      all.addAll(List.of("--output", folder.resolve("sheets").toString()));
    }
    execute(all, command);
    ran.add(arguments.get(0));
    if (arguments.get(0).equals("run") && Collections.disjoint(arguments, CHOICES)) {
      Path latest = folder.resolve("runs/latest").toRealPath();
      whole.remove(latest.getFileName().toString());
      whole.add(latest.getFileName().toString());
    }
  }

  /** Options by the command line, keys by the configuration. */
  private void read(List<String> arguments, ReadmeCommands.Command command) {
    int dashes = arguments.indexOf("--");
    List<String> own = dashes < 0 ? arguments : arguments.subList(0, dashes);
    parse(own, command);
    List<String> config = new ArrayList<>(List.of("config"));
    own.stream()
        .filter(word -> word.endsWith(".yaml") || word.contains("="))
        .filter(word -> !word.startsWith("-"))
        .forEach(config::add);
    execute(config, command);
  }

  private static void parse(List<String> arguments, ReadmeCommands.Command command) {
    Output silent = PlainWords.output(new StringWriter(), new StringWriter(), false);
    Call call = new Call(new ProductServices(), silent, arguments, List.of());
    assertThatCode(() -> Program.commandLine(call).parseArgs(arguments.toArray(String[]::new)))
        .as("%s", command)
        .doesNotThrowAnyException();
  }

  private static void execute(List<String> arguments, ReadmeCommands.Command command) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Output output = PlainWords.output(out, err, false);
    int code = new Program(new ProductServices(), output).run(arguments.toArray(String[]::new));
    assertThat(code)
        .as("%s, run as %s:%n%s%s", command, String.join(" ", arguments), out, err)
        .isZero();
  }

  private static void maven(ReadmeCommands.Command command) throws IOException {
    List<String> words = command.arguments();
    for (String word : words) {
      if (word.startsWith("-P")) {
        requireProfiles(word, command);
      } else if (word.startsWith("-Dgroups=")) {
        String known = tags().toString();
        for (String group : word.substring("-Dgroups=".length()).split("\\|", -1)) {
          assertThat(tags()).as("%s; tags are %s", command, known).contains(group.strip());
        }
      } else if (words.indexOf(word) > 0 && words.get(words.indexOf(word) - 1).equals("-pl")) {
        assertThat(ROOT.resolve(word).resolve("pom.xml")).as("%s", command).isRegularFile();
      } else {
        assertThat(word)
            .as("%s", command)
            .matches(
                "-B|-ntp|-pl|-am|verify|test|spotless:apply|-D(kills=\\d+|test=\\w+)|-Dsurefire\\..*=false");
      }
    }
    assertThat(words).as("%s", command).containsAnyOf("verify", "test", "spotless:apply");
  }

  private static void requireProfiles(String option, ReadmeCommands.Command command)
      throws IOException {
    assertThat(option).as("%s", command).startsWith("-P");
    String poms =
        Files.readString(ROOT.resolve("pom.xml"))
            + Files.readString(ROOT.resolve("model/pom.xml"))
            + Files.readString(ROOT.resolve("pipelines/pom.xml"));
    for (String profile : option.substring(2).split(",", -1)) {
      assertThat(poms).as("%s", command).contains("<id>" + profile + "</id>");
    }
  }

  private static Set<String> tags() throws IOException {
    Set<String> tags = new TreeSet<>();
    try (Stream<Path> files = Files.walk(Path.of("src", "test", "java"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        Pattern.compile("@Tag\\(\"([^\"]+)\"\\)")
            .matcher(Files.readString(file))
            .results()
            .map(MatchResult::group)
            .forEach(tag -> tags.add(tag.replaceAll("@Tag|[()\"]", "")));
      }
    }
    return tags;
  }

  /** In the build with each runner: Beam knows the options that follow {@code --}. */
  @Test
  @Tag("flink")
  @Tag("spark")
  @Tag("dataflow")
  void beamKnowsTheOptionsOfThisBuildsRunner() throws IOException {
    String built = System.getProperty("simsiam.runner");
    List<List<String>> options = new ArrayList<>();
    for (ReadmeCommands.Command command : ReadmeCommands.all()) {
      List<String> words = command.words();
      int dashes = words.indexOf("--");
      int runner = words.indexOf("--runner");
      if (runner >= 0 && words.get(runner + 1).equals(built)) {
        options.add(dashes < 0 ? List.of() : words.subList(dashes + 1, words.size()));
      }
    }

    assertThat(options).isNotEmpty();
    for (List<String> one : options) {
      List<String> there = one.stream().map(word -> word.replace("BUCKET", "bucket")).toList();
      assertThat(BeamOptions.parse(new RunnerOptions(Runner.named(built), there))).isNotNull();
    }
  }

  /** CI runs what README says it does. */
  @Test
  void theTestsAreRunAsContinuousIntegrationRunsThem() throws IOException {
    List<String> said =
        ReadmeCommands.all().stream()
            .filter(command -> command.program().equals("./mvnw"))
            .map(command -> String.join(" ", command.words()))
            .toList();
    List<String> done =
        Files.readAllLines(ROOT.resolve(".ci/run")).stream()
            .map(String::strip)
            .filter(line -> line.startsWith("./mvnw"))
            .map(line -> line.replaceAll("['\"]|\\$@|&&", "").replaceAll(" +", " ").strip())
            .toList();

    assertThat(done).isNotEmpty();
    assertThat(said).containsAll(done);
  }

  /** The checks above see what is wrong in a command that is only read. */
  @Test
  void aWrongWordWouldBeSeen() {
    for (String wrong :
        List.of(
            "./simsiam sync --stauts",
            "./simsiam synk",
            "./simsiam run CONFIG --runner flnik",
            "./simsiam run CONFIG dataset.paht=s3://bucket/birds",
            "MAVEN_ARGS=-Psparc ./simsiam run CONFIG --runner spark",
            "./mvnw -B -ntp -pl pipelines -am -Dgroups=flnik verify",
            "python3 -m pip instal torch",
            "eval/src/check/torchvison_check.py x")) {
      List<ReadmeCommands.Command> one = new ArrayList<>();
      ReadmeCommands.add(wrong, one);
      assertThat(catchThrowable(() -> check(one.get(0))))
          .as(wrong)
          .isInstanceOf(AssertionError.class);
    }
  }
}
