package simsiam.pipelines.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The code of the manual, README.md first, then CONTRIBUTING.md and the pages of docs by name: its
 * blocks, and the commands in them and in its sentences.
 */
final class ReadmeCommands {
  private static final Path ROOT = Path.of("..");

  private static final Pattern BLOCK = Pattern.compile("(?ms)^ *```(\\w*)\\n(.*?)^ *```$");
  private static final Pattern INLINE = Pattern.compile("`([^`\\n]+)`");
  private static final Pattern BEGINNING =
      Pattern.compile(
          "([A-Z_]+=\\S* )*(\\./simsiam|\\./mvnw|python3|export) .+|[A-Z_]+=.*|eval/\\S+ .+");
  private static final Pattern VARIABLE = Pattern.compile("[A-Z_]+=.*");
  private static final Pattern SUBSTITUTION = Pattern.compile("[A-Z_]+=\\$\\(.*\\)");
  private static final Pattern COMMENT = Pattern.compile("\\s+#.*$");
  private static final Pattern WORD = Pattern.compile("(?:[^\\s'\"]|'[^']*'|\"[^\"]*\")+");

  private ReadmeCommands() {}

  /**
   * A command.
   *
   * @param variables set for it, such as {@code MAVEN_ARGS=-Ps3}
   * @param words program and arguments
   */
  record Command(List<String> variables, List<String> words) {
    String program() {
      return words.isEmpty() ? "" : words.get(0);
    }

    List<String> arguments() {
      return words.subList(1, words.size());
    }

    @Override
    public String toString() {
      return String.join(" ", variables) + " " + String.join(" ", words);
    }
  }

  /** Contents of the blocks of a language; the empty one has commands and what they print. */
  static List<String> blocks(String language) throws IOException {
    List<String> blocks = new ArrayList<>();
    for (Path page : pages()) {
      Matcher block = BLOCK.matcher(Files.readString(page));
      while (block.find()) {
        if (block.group(1).equals(language)) {
          blocks.add(block.group(2));
        }
      }
    }
    return blocks;
  }

  /** The manual's files in their order. */
  static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>();
    pages.add(ROOT.resolve("README.md"));
    pages.add(ROOT.resolve("CONTRIBUTING.md"));
    try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
      docs.filter(page -> page.toString().endsWith(".md")).sorted().forEach(pages::add);
    }
    return pages;
  }

  /** All commands, in the order of the text. */
  static List<Command> all() throws IOException {
    List<Command> commands = new ArrayList<>();
    for (Path page : pages()) {
      commands(Files.readString(page), commands);
    }
    return commands;
  }

  private static void commands(String text, List<Command> commands) {
    Matcher block = BLOCK.matcher(text);
    int at = 0;
    while (block.find()) {
      inline(text.substring(at, block.start()), commands);
      if (block.group(1).isEmpty() && block.group(2).lines().anyMatch(ReadmeCommands::begins)) {
        script(block.group(2)).forEach(line -> add(line, commands));
      }
      at = block.end();
    }
    inline(text.substring(at), commands);
  }

  private static boolean begins(String line) {
    return BEGINNING.matcher(line.strip()).matches();
  }

  private static void inline(String text, List<Command> commands) {
    Matcher code = INLINE.matcher(text);
    while (code.find()) {
      if (begins(code.group(1)) && !code.group(1).contains("...")) {
        add(code.group(1), commands);
      }
    }
  }

  /** Lines without comments, those that go on joined. */
  private static List<String> script(String block) {
    List<String> lines = new ArrayList<>();
    String begun = "";
    for (String line : block.lines().toList()) {
      String code = begun + COMMENT.matcher(line).replaceFirst("").strip();
      if (code.endsWith("\\")) {
        begun = code.substring(0, code.length() - 1);
      } else if (code.endsWith("&&")) {
        begun = code + " ";
      } else {
        begun = "";
        if (!code.isEmpty()) {
          lines.add(code);
        }
      }
    }
    return lines;
  }

  /** Adds the commands of a line. */
  static void add(String line, List<Command> commands) {
    for (String part : line.split("&&", -1)) {
      if (SUBSTITUTION.matcher(part.strip()).matches()) {
        commands.add(new Command(List.of(part.strip()), List.of()));
        continue;
      }
      List<String> variables = new ArrayList<>();
      List<String> words = new ArrayList<>();
      Matcher word = WORD.matcher(part);
      while (word.find()) {
        boolean variable = words.isEmpty() && VARIABLE.matcher(word.group()).matches();
        (variable ? variables : words).add(word.group().replaceAll("['\"]", ""));
      }
      commands.add(new Command(variables, words));
    }
  }
}
