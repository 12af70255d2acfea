package simsiam.pipelines.config.load;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import simsiam.model.file.Utf8Text;

/**
 * Reads a config file and those it extends: {@code extends: base.yaml} names a file beside it or,
 * if there is none, one of the distribution's {@code conf/}.
 */
final class ConfigFiles {
  private static final String EXTENDS = "extends";
  private static final int MAX_BYTES = 1 << 20;

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
    try {
      Path beside = file.resolveSibling(scalar.text());
      Path shipped = distributionConf.map(conf -> conf.resolve(scalar.text())).orElse(beside);
      return Optional.of(Files.exists(beside) || !Files.exists(shipped) ? beside : shipped);
    } catch (InvalidPathException e) {
      complete = false;
      errors.add(ConfigError.value(EXTENDS, "the name of a file", value.text(), value.origin()));
      return Optional.empty();
    }
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
    Optional<Raw> raw =
        RawYaml.parse(text.get(), (line, column) -> new Origin.InFile(file, line, column), errors);
    if (raw.isPresent() && raw.get() instanceof Raw.Section section) {
      return section;
    }
    complete = false;
    if (errors.size() == before) {
      String got = raw.map(Raw::text).orElse("an empty file");
      errors.add(
          new ConfigError(
              "Cannot read a configuration: expected 'key: value' lines, got "
                  + ConfigError.shown(got),
              whole));
    }
    return none;
  }

  private Optional<String> text(Path file, Origin asked) {
    try {
      return Optional.of(Utf8Text.decode(bytes(file)));
    } catch (Utf8Text.MalformedException e) {
      errors.add(
          new ConfigError(
              "Cannot read text: expected UTF-8, got " + e.getMessage(),
              new Origin.InFile(file, e.line(), e.column())));
    } catch (NoSuchFileException e) {
      errors.add(new ConfigError("Cannot read " + file + ": no such file", asked));
    } catch (AccessDeniedException e) {
      errors.add(
          new ConfigError(
              "Cannot read " + file + ": expected permission to read it, got none", asked));
    } catch (FileSystemException e) { // a name too long, a circle of links, ...
      errors.add(new ConfigError("Cannot read " + file + ": " + e.getReason(), asked));
    } catch (IOException e) {
      errors.add(new ConfigError("Cannot read " + file + ": " + e.getMessage(), asked));
    }
    return Optional.empty();
  }

  /** A pipe could be waited for, and a device be read, without end. */
  private static byte[] bytes(Path file) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    if (attributes.isDirectory()) {
      throw new IOException("it is a folder");
    }
    if (!attributes.isRegularFile()) {
      throw new IOException("expected a file, got a pipe or device");
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new IOException(
            "expected at most %s bytes, got %s"
                .formatted(MAX_BYTES, Math.max(attributes.size(), bytes.length)));
      }
      return bytes;
    }
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

  /** Also by another name: links could lead in a circle for ever. */
  private static boolean same(Path a, Path b) {
    try {
      return Files.isSameFile(a, b);
    } catch (IOException e) { // one that is not there extends nothing; reading it says so
      return false;
    }
  }

  private static String joined(List<Path> chain) {
    return String.join(" -> ", chain.stream().map(Path::toString).toList());
  }
}
