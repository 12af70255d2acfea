package simsiam.pipelines.redact;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Text as it may be shown or stored: everything that the program prints, logs, writes into an
 * invocation's folder or sends to the tracking server goes through here. Hidden are
 *
 * <ul>
 *   <li>user and password of a URI, and parameters of its query whose names sound like secrets;
 *   <li>values of options, keys and JSON fields whose names do, and {@code Authorization} headers;
 *   <li>wherever they turn up, the secrets {@link #learn learned} from the command line and the
 *       environment.
 * </ul>
 *
 * <p>Only text for people goes through it; values in use are never changed.
 */
public final class Redaction {
  /** What stands in place of a secret. */
  public static final String MARK = "***";

  /** A learned secret that is shorter would hide parts of ordinary words. */
  private static final int SHORTEST = 6;

  /** Words that make a name, split at capitals and signs, sound like a secret's. */
  private static final Set<String> SECRET =
      Set.of(
          "password",
          "passwd",
          "pwd",
          "passphrase",
          "passcode",
          "pass",
          "secret",
          "secrets",
          "token",
          "credential",
          "credentials",
          "signature",
          "apikey",
          "jwt");

  /** Words after which {@code key} is a secret: {@code awsAccessKeyId}, {@code api_key}. */
  private static final Set<String> KEYS =
      Set.of(
          "access",
          "secret",
          "private",
          "api",
          "customer",
          "encryption",
          "account",
          "shared",
          "signing",
          "subscription");

  /** Names that are secrets in the query of a URI, though not elsewhere. */
  private static final Set<String> IN_QUERY = Set.of("key", "sig", "auth", "accesskey", "code");

  /** What ends a value, and what after it closes the sentence or the brackets around it. */
  private static final String ENDS = " \t\r\n'\"<>&";

  private static final String CLOSES = ").,;:]}`";

  private static final Pattern USER =
      Pattern.compile(
          "(?<=[A-Za-z0-9+.-]://)(?:[^\\s/?#'\"<>@]{0,500}|[^\\s/@'\"<>:]{0,200}:(?!\\d+(?:/|$))[^\\s'\"<>]{0,500})@"
              + "(?![^\\s/?#'\"<>]{0,500}@)");
  private static final Pattern QUERY = Pattern.compile("(?<=[?&;])([\\w.$%-]{1,100})=");
  private static final Pattern ASSIGNMENT =
      Pattern.compile("(?<![\\w.-])(-{0,2}[A-Za-z][\\w.-]{1,100})=");

  /** A field of JSON, or of YAML in braces or at the start of a line. */
  private static final Pattern FIELD =
      Pattern.compile(
          "(?m)(?:(?<=[{,])\\s{0,20}|^\\s{0,40}|(?=\"))(\"?)([A-Za-z][\\w.-]{1,100})\\1\\s{0,4}:\\s{0,20}"
              + "(?:\"(?:[^\"\\\\]|\\\\.){1,4000}\"|'[^']{1,4000}'|(?<=[\\s])[^\\s'\"{\\[,}]{1,4000})");

  private static final Pattern HEADER =
      Pattern.compile(
          "(?i)(?<=authorization[\"']{0,2}\\s{0,2}[:=]\\s{0,2}[\"']{0,1}(?:basic|bearer)\\s)[^\\s'\"]{1,4000}"
              + "|(?<=\\bbearer\\s)[\\w.~+/=-]{20,4000}");

  private static final Pattern WORDS = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+");

  /** Longest first, as one may be a part of another. */
  private static volatile List<String> learned = List.of();

  private Redaction() {}

  /** The text without secrets. */
  public static String text(String text) {
    if (text == null || text.isEmpty()) {
      return text;
    }
    String shown = text;
    for (String secret : learned) {
      shown = shown.replace(secret, MARK);
    }
    if (shown.contains("://")) {
      shown = USER.matcher(shown).replaceAll(MARK + "@");
    }
    if (shown.indexOf('=') >= 0) {
      shown = values(shown, QUERY, Redaction::soundsInQuery);
      shown = values(shown, ASSIGNMENT, Redaction::sounds);
    }
    if (shown.indexOf(':') >= 0) {
      shown = FIELD.matcher(shown).replaceAll(Redaction::field);
      shown = HEADER.matcher(shown).replaceAll(MARK);
    }
    return shown;
  }

  /** The text without the values of secret names; of what is none, the value is looked into. */
  private static String values(String text, Pattern names, Predicate<String> secret) {
    StringBuilder shown = new StringBuilder();
    Matcher name = names.matcher(text);
    int from = 0;
    int copied = 0;
    while (name.find(from)) {
      from = name.end();
      int end = secret.test(name.group(1)) ? endOfValue(text, from) : from;
      if (end > from) {
        shown.append(text, copied, from).append(MARK);
        copied = end;
        from = end;
      }
    }
    return shown.append(text, copied, text.length()).toString();
  }

  private static int endOfValue(String text, int begin) {
    if (begin == text.length()) {
      return begin;
    }
    char first = text.charAt(begin);
    if (first == '"' || first == '\'') {
      int close = text.indexOf(first, begin + 1);
      return close < 0 ? text.length() : close + 1;
    } else if (first == '{') {
      int close = text.indexOf('}', begin);
      return close < 0 ? text.length() : close + 1;
    }
    int end = begin;
    while (end < text.length() && ENDS.indexOf(text.charAt(end)) < 0) {
      end++;
    }
    while (end > begin && CLOSES.indexOf(text.charAt(end - 1)) >= 0) {
      end--;
    }
    return end;
  }

  private static String field(MatchResult found) {
    String whole = found.group();
    if (!sounds(found.group(2))) {
      return Matcher.quoteReplacement(whole);
    }
    String quote = found.group(1);
    return Matcher.quoteReplacement(
        whole.substring(0, whole.indexOf(':') + 1) + " " + quote + MARK + quote);
  }

  /** The words of a command line without secrets; unlike in text, it is clear where each ends. */
  public static List<String> words(List<String> words) {
    List<String> shown = new ArrayList<>();
    for (String word : words) {
      boolean value = !shown.isEmpty() && isBareSecret(words.get(shown.size() - 1));
      shown.add(value && !word.startsWith("-") ? MARK : word(word));
    }
    return List.copyOf(shown);
  }

  /** A word of a command line, {@code key=value} or {@code --name=value}, without secrets. */
  public static String word(String word) {
    int equals = word.indexOf('=');
    boolean secret = equals > 0 && sounds(word.substring(0, equals)) && equals + 1 < word.length();
    return secret ? word.substring(0, equals + 1) + MARK : text(word);
  }

  private static boolean isBareSecret(String word) {
    return word.startsWith("--") && word.indexOf('=') < 0 && sounds(word);
  }

  /** Whether the name of a key, an option or a variable sounds like that of a secret. */
  public static boolean sounds(String name) {
    List<String> words =
        Arrays.stream(WORDS.split(name)).map(word -> word.toLowerCase(Locale.ROOT)).toList();
    for (int i = 0; i < words.size(); i++) {
      boolean key = words.get(i).startsWith("key") && i > 0 && KEYS.contains(words.get(i - 1));
      if (key || SECRET.contains(words.get(i))) {
        return true;
      }
    }
    return false;
  }

  private static boolean soundsInQuery(String name) {
    return sounds(name) || IN_QUERY.contains(name.toLowerCase(Locale.ROOT));
  }

  /** Remembers the secrets in the words of a command line. */
  public static void learn(List<String> words) {
    Set<String> secrets = new TreeSet<>();
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      int equals = word.indexOf('=');
      if (equals > 0 && sounds(word.substring(0, equals))) {
        secrets.add(word.substring(equals + 1));
      } else if (i > 0 && isBareSecret(words.get(i - 1))) {
        secrets.add(word);
      }
      ofUris(word, secrets);
    }
    remember(secrets);
  }

  /** Remembers the secrets among variables of the environment, or the properties of the JVM. */
  public static void learn(Map<?, ?> variables) {
    Set<String> secrets = new TreeSet<>();
    variables.forEach(
        (name, value) -> {
          String text = value.toString();
          // Some such variables name a file with the secret in it.
          if (sounds(name.toString()) && !isFile(text)) {
            secrets.add(text);
          }
          ofUris(text, secrets);
        });
    remember(secrets);
  }

  private static boolean isFile(String text) {
    try {
      return text.startsWith("/") && Files.exists(Path.of(text));
    } catch (InvalidPathException e) {
      return false; // Then it is no file.
    }
  }

  private static void ofUris(String text, Set<String> secrets) {
    if (!text.contains("://")) {
      return;
    }
    Matcher user = USER.matcher(text);
    while (user.find()) {
      String pair = text.substring(user.start(), user.end() - 1);
      secrets.add(pair.substring(pair.indexOf(':') + 1));
    }
    Matcher query = QUERY.matcher(text);
    while (query.find()) {
      if (soundsInQuery(query.group(1))) {
        secrets.add(text.substring(query.end(), endOfValue(text, query.end())));
      }
    }
  }

  private static synchronized void remember(Set<String> secrets) {
    Set<String> all = new TreeSet<>(learned);
    for (String secret : secrets) {
      all.add(secret);
      all.add(decoded(secret));
    }
    learned =
        all.stream()
            .filter(secret -> secret.length() >= SHORTEST && !secret.equals(MARK))
            .sorted(Comparator.comparing(String::length).reversed())
            .collect(Collectors.toUnmodifiableList());
  }

  private static String decoded(String secret) {
    try {
      return URLDecoder.decode(secret, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return secret; // A percent sign of its own.
    }
  }
}
