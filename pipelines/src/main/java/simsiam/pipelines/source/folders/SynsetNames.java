package simsiam.pipelines.source.folders;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Readable names of ImageNet's classes, which folders call by their WordNet ids. */
final class SynsetNames {
  private SynsetNames() {}

  /**
   * The first synonym of each; with the id where two share it, and the id alone where there is
   * none.
   *
   * @param words synonyms by id, separated by commas
   */
  static List<String> of(List<String> wnids, Map<String, String> words) {
    List<String> first = new ArrayList<>();
    for (String wnid : wnids) {
      first.add(words.containsKey(wnid) ? words.get(wnid).split(",", -1)[0].strip() : wnid);
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < wnids.size(); i++) {
      boolean shared = Collections.frequency(first, first.get(i)) > 1;
      names.add(shared ? "%s (%s)".formatted(first.get(i), wnids.get(i)) : first.get(i));
    }
    return names;
  }
}
