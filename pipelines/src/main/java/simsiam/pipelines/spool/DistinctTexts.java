package simsiam.pipelines.spool;

import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;

/** Any number of texts, each of which is kept once, in their order as strings. */
public final class DistinctTexts {
  /**
   * Texts of which it is remembered that they were there; of others it shows when they are sorted.
   */
  private static final int SEEN = 10_000;

  private final Sorting<String> sorting = new Sorting<>(TextForm.TEXT, Comparator.naturalOrder());
  private final Set<String> seen = new HashSet<>();

  /**
   * Adds a text.
   *
   * @return false where it is certain to have been there
   */
  public boolean add(String text) {
    if (seen.contains(text)) {
      return false;
    }
    if (seen.size() == SEEN) {
      seen.clear();
    }
    seen.add(text);
    sorting.add(text);
    return true;
  }

  /** All of them, sorted; nothing may be added any more. */
  public SpooledList<String> list() {
    SpooledList.Builder<String> list = SpooledList.builder(TextForm.TEXT);
    String before = null;
    for (Iterator<String> sorted = sorting.iterator(); sorted.hasNext(); ) {
      String text = sorted.next();
      if (!text.equals(before)) {
        list.add(text);
      }
      before = text;
    }
    return list.build();
  }
}
