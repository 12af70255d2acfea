package simsiam.pipelines.source.webdataset;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import simsiam.pipelines.source.listing.SourceProblem;

/**
 * Names that are written as one: {@code train-{000000..001281}.tar}, {@code {train,val}-0.tar}, as
 * shells and WebDataset expand them; ranges of whole numbers count up, with zeros in front where
 * the first number has them.
 */
final class Braces {
  /** More shards than any set has. */
  private static final int MOST = 1_000_000;

  private static final Pattern GROUP = Pattern.compile("\\{([^{}]*)}");
  private static final Pattern RANGE = Pattern.compile("(\\d+)\\.\\.(\\d+)");

  private Braces() {}

  /** Whether a text has a brace at all. */
  static boolean in(String text) {
    return text.indexOf('{') >= 0 || text.indexOf('}') >= 0;
  }

  /** All names, in their order. */
  static List<String> expand(String pattern) {
    List<String> done = List.of(pattern);
    while (done.stream().anyMatch(GROUP.asPredicate())) {
      List<String> more = new ArrayList<>();
      for (String text : done) {
        Matcher group = GROUP.matcher(text);
        if (!group.find()) {
          more.add(text);
          continue;
        }
        for (String part : parts(group.group(1), pattern)) {
          more.add(text.substring(0, group.start()) + part + text.substring(group.end()));
          requireFew(more.size(), pattern);
        }
      }
      done = more;
    }
    if (in(done.get(0))) {
      throw malformed(pattern);
    }
    return done;
  }

  private static List<String> parts(String content, String pattern) {
    Matcher range = RANGE.matcher(content);
    if (!range.matches()) {
      if (!content.contains(",")) {
        throw malformed(pattern);
      }
      return List.of(content.split(",", -1));
    }
    BigInteger first = new BigInteger(range.group(1));
    BigInteger last = new BigInteger(range.group(2));
    BigInteger count = last.subtract(first).add(BigInteger.ONE);
    if (count.signum() <= 0) {
      throw malformed(pattern);
    }
    requireFew(count.min(BigInteger.valueOf(MOST + 1L)).intValue(), pattern);
    int width = range.group(1).startsWith("0") ? range.group(1).length() : 0;
    List<String> numbers = new ArrayList<>();
    for (BigInteger i = first; i.compareTo(last) <= 0; i = i.add(BigInteger.ONE)) {
      String digits = i.toString();
      numbers.add("0".repeat(Math.max(0, width - digits.length())) + digits);
    }
    return numbers;
  }

  private static void requireFew(int names, String pattern) {
    if (names > MOST) {
      throw SourceProblem.of("at most %s shards".formatted(MOST), "more (%s)".formatted(pattern));
    }
  }

  private static RuntimeException malformed(String pattern) {
    return SourceProblem.of(
        "braces with a range that counts up or with names, such as {000000..001281} or {train,val}",
        pattern);
  }
}
