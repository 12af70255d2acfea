package simsiam.pipelines.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.error.Mark;

/**
 * Reads a config file and those it extends: {@code extends: base.yaml} names a file beside it or,
 * if there is none, one of the distribution's {@code conf/}.
 */
final class ConfigFiles {
  private static final String EXTENDS = "extends";

  private final Optional<Path> distributionConf;
  private final List<ConfigError> errors;
  private boolean complete = true;

  ConfigFiles(Optional<Path> distributionConf, List<ConfigError> errors) {
    this.distributionConf = distributionConf;
    this.errors = errors;
  }

  /** The file's sections laid over those of the files it extends. */
  Raw.Section read(Path file) {
    List<Raw.Section> layers = new ArrayList<>();
    List<Path> chain = new ArrayList<>();
    Optional<Path> next = Optional.of(file);
    Origin asked = new Origin.InFile(file, 0, 0);
    while (next.isPresent()) {
      Path current = next.get();
      if (chain.stream().anyMatch(seen -> same(seen, current))) {
        chain.add(current);
        complete = false;
        errors.add(new ConfigError("Cannot extend in a circle: " + joined(chain), asked));
        break;
      }
      chain.add(current);
      Raw.Section section = parse(current, asked);
      layers.add(0, section);
      Raw parent = section.entries().remove(EXTENDS);
      section.keyOrigins().remove(EXTENDS);
      asked = parent == null ? asked : parent.origin();
      next = Optional.ofNullable(parent).flatMap(value -> parent(current, value));
    }
    return layers.stream().reduce(ConfigFiles::overlay).orElseThrow();
  }

  /** Whether every file could be read, so that what the result lacks was really left out. */
  boolean complete() {
    return complete;
  }

  private Optional<Path> parent(Path file, Raw value) {
    if (!(value instanceof Raw.Scalar scalar) || scalar.text().isBlank()) {
      complete = false;
      errors.add(ConfigError.value(EXTENDS, "the name of a file", value.text(), value.origin()));
      return Optional.empty();
    }
    Path beside = file.resolveSibling(scalar.text());
    Path shipped = distributionConf.map(conf -> conf.resolve(scalar.text())).orElse(beside);
    return Optional.of(Files.exists(beside) || !Files.exists(shipped) ? beside : shipped);
  }

  /** The sections of one file; one without entries if it cannot be read. */
  Raw.Section parse(Path file, Origin asked) {
    Origin whole = new Origin.InFile(file, 0, 0);
    Raw.Section none = new Raw.Section(new LinkedHashMap<>(), new LinkedHashMap<>(), whole);
    Optional<String> text = text(file, asked);
    if (text.isEmpty()) {
      complete = false;
      return none;
    }
    int before = errors.size();
    Optional<Raw> raw = RawYaml.parse(text.get(), mark -> at(file, mark), errors);
    if (raw.isPresent() && raw.get() instanceof Raw.Section section) {
      return section;
    }
    complete = false;
    if (errors.size() == before) {
      String got = raw.map(Raw::text).orElse("an empty file");
      errors.add(
          new ConfigError(
              "Cannot read a configuration: expected 'key: value' lines, got " + got, whole));
    }
    return none;
  }

  private Optional<String> text(Path file, Origin asked) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
      try {
        String text =
            StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .decode(bytes)
                .toString();
        return Optional.of(text.startsWith("\uFEFF") ? text.substring(1) : text);
      } catch (CharacterCodingException e) {
        errors.add(badByte(file, bytes));
      }
    } catch (NoSuchFileException e) {
      errors.add(new ConfigError("Cannot read " + file + ": no such file", asked));
    } catch (IOException e) {
      String reason = Files.isDirectory(file) ? "it is a folder" : "it cannot be read: " + e;
      errors.add(new ConfigError("Cannot read " + file + ": " + reason, asked));
    }
    return Optional.empty();
  }

  private static ConfigError badByte(Path file, ByteBuffer bytes) {
    int line = 1;
    int column = 1;
    for (int i = 0; i < bytes.position(); i++) {
      boolean newline = bytes.get(i) == '\n';
      line += newline ? 1 : 0;
      column = newline ? 1 : column + 1;
    }
    String got = String.format(Locale.ROOT, "the byte 0x%02X", bytes.get(bytes.position()) & 0xFF);
    return new ConfigError(
        "Cannot read text: expected UTF-8, got " + got, new Origin.InFile(file, line, column));
  }

  private static Origin at(Path file, Mark mark) {
    return mark == null
        ? new Origin.InFile(file, 0, 0)
        : new Origin.InFile(file, mark.getLine() + 1, mark.getColumn() + 1);
  }

  /** Sections are merged key by key; anything else is replaced. */
  static Raw.Section overlay(Raw.Section below, Raw.Section above) {
    Map<String, Raw> entries = new LinkedHashMap<>(below.entries());
    Map<String, Origin> keyOrigins = new LinkedHashMap<>(below.keyOrigins());
    above
        .entries()
        .forEach(
            (key, value) -> {
              entries.merge(key, value, ConfigFiles::merge);
              keyOrigins.put(key, above.keyOrigins().get(key));
            });
    return new Raw.Section(entries, keyOrigins, above.origin());
  }

  private static Raw merge(Raw below, Raw above) {
    if (!(below instanceof Raw.Section section)) {
      return above;
    }
    if (above instanceof Raw.Scalar scalar && scalar.absent()) {
      return below; // a section whose keys are all commented out
    }
    return above instanceof Raw.Section over ? overlay(section, over) : above;
  }

  private static boolean same(Path a, Path b) {
    return a.toAbsolutePath().normalize().equals(b.toAbsolutePath().normalize());
  }

  private static String joined(List<Path> chain) {
    return String.join(" -> ", chain.stream().map(Path::toString).toList());
  }
}
