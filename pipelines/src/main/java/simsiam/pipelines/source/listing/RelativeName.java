package simsiam.pipelines.source.listing;

import java.util.regex.Pattern;

/** Names of files as others wrote them, in archives and lists. */
public final class RelativeName {
  private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:.*", Pattern.DOTALL);

  private RelativeName() {}

  /**
   * Refuses a name that is absolute, leads out of its folder, or that no file system takes.
   *
   * @param where the archive, or the list and line
   */
  public static void requireInside(String name, String where) {
    boolean up = false;
    for (String part : name.split("[/\\\\]", -1)) {
      up |= part.equals("..");
    }
    if (up || name.startsWith("/") || DRIVE.matcher(name).matches() || name.indexOf('\0') >= 0) {
      throw SourceProblem.of(
          "relative names without '..'", "%s (%s)".formatted(name.replace('\0', '?'), where));
    }
  }
}
