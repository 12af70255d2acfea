package simsiam.model.config;

import java.io.EOFException;
import java.io.UncheckedIOException;
import java.net.UnknownHostException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a failure says to a person, in words that complete "got ...": Java's and its libraries'
 * messages speak of classes, which say nothing to who runs the program. The log has them whole.
 */
public final class Reason {
  private static final Pattern FAILURE =
      Pattern.compile("(?:[a-z_]\\w*\\.)+(?:[A-Z]\\w*\\$)*([A-Z]\\w*(?:Exception|Error))(: ?)?");
  private static final Pattern CLASS =
      Pattern.compile(
          "\\b(?:java|javax|jdk|sun|org|com|io|simsiam)(?:\\.[a-z_]\\w*)+\\.([A-Z][\\w$]*)");
  private static final Pattern JSON_PLACE =
      Pattern.compile(
          "\\(?\\bat \\[Source: .*?; (line: \\d+, column: \\d+)\\]\\)?", Pattern.DOTALL);
  private static final Pattern OBJECT = Pattern.compile("\\[?[\\w.$]*@[0-9a-f]{4,8}\\b");
  private static final Pattern WORD = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");

  private Reason() {}

  /** The reason on one line, without names of classes. */
  public static String of(Throwable failure) {
    Throwable cause = failure.getCause();
    if (cause != null
        && (failure.getMessage() == null || failure.getMessage().equals(cause.toString()))) {
      return of(cause); // a wrapping
    }
    if (failure instanceof FileSystemException file && file.getFile() != null) {
      return of(file) + " (" + file.getFile() + ")";
    }
    if (failure instanceof InvalidPathException path) {
      return "a name that the locale's encoding, %s, has no characters for: %s (LC_ALL=C.UTF-8 has them)"
          .formatted(System.getProperty("sun.jnu.encoding"), path.getInput());
    }
    String message = failure.getMessage() == null ? "" : plain(failure.getMessage());
    if (failure instanceof CharacterCodingException) {
      return "text that is not UTF-8";
    }
    if (failure instanceof UnknownHostException) {
      return "no address for " + message;
    }
    if (failure instanceof OutOfMemoryError) {
      return "too little memory (" + message + ")";
    }
    if (failure instanceof NullPointerException || failure instanceof ClassCastException) {
      return kind(failure); // whose messages are code
    }
    if (message.isBlank()) {
      return failure instanceof EOFException ? "the end of the file" : kind(failure);
    }
    return speaks(failure) ? message : kind(failure) + ": " + message;
  }

  private static String of(FileSystemException e) {
    if (e instanceof AccessDeniedException) {
      return "no permission";
    }
    if (e instanceof NoSuchFileException) {
      return "no such file";
    }
    if (e instanceof FileAlreadyExistsException) {
      return "a file in the way";
    }
    if (e instanceof FileSystemLoopException) {
      return "a circle of links";
    }
    if (e instanceof DirectoryNotEmptyException) {
      return "a folder that is not empty";
    }
    return e.getReason() == null ? "a failure of the file system" : e.getReason();
  }

  /** Whether the message says by itself what went wrong. */
  private static boolean speaks(Throwable e) {
    return !(e instanceof Error)
        && (!(e instanceof RuntimeException)
            || e.getClass() == RuntimeException.class
            || e instanceof IllegalArgumentException
            || e instanceof IllegalStateException
            || e instanceof UnsupportedOperationException
            || e instanceof UncheckedIOException
            || e.getClass().getName().startsWith("simsiam."));
  }

  /** A text of a library without names of classes and addresses of objects. */
  public static String plain(String text) {
    Matcher failures = FAILURE.matcher(text);
    String told =
        failures.replaceAll(
            found -> found.group(2) == null ? Matcher.quoteReplacement(words(found.group(1))) : "");
    String placed = JSON_PLACE.matcher(told).replaceAll("($1)");
    String objects = OBJECT.matcher(placed).replaceAll("the file");
    return CLASS.matcher(objects).replaceAll("$1").replaceAll("\\s*\\R\\s*", " ").strip();
  }

  /** {@code array index out of bounds} of {@code ArrayIndexOutOfBoundsException}. */
  private static String kind(Throwable failure) {
    return words(failure.getClass().getSimpleName());
  }

  private static String words(String simpleName) {
    String name = simpleName.replaceFirst("(Exception|Error)$", "");
    return name.isEmpty()
        ? "a failure"
        : WORD.matcher(name).replaceAll(" ").toLowerCase(Locale.ROOT);
  }
}
