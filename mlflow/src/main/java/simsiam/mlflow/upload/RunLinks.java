package simsiam.mlflow.upload;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import simsiam.mlflow.RemoteRun;
import simsiam.mlflow.spool.Entry;
import simsiam.mlflow.spool.RunFolder;
import simsiam.mlflow.spool.Spool;

/**
 * Links between runs in Markdown: {@code [text](run:UID)}, as a run has an address only once a
 * server has it.
 */
record RunLinks(Spool spool, BlockedRuns blocked, String serverKey) {
  private static final Pattern LINK =
      Pattern.compile("\\[([^\\]]*)\\]\\(run:([A-Za-z0-9._:-]+)\\)");

  static boolean isIn(Entry entry) {
    return entry instanceof Entry.Tags tags
        && tags.values().values().stream().anyMatch(value -> LINK.matcher(value).find());
  }

  /**
   * The tags with links that lead somewhere; a link to a run that is nowhere becomes its text.
   *
   * @return empty if a run must be made first
   */
  Optional<Entry.Tags> resolve(Entry.Tags tags) throws IOException {
    Map<String, String> resolved = new HashMap<>();
    for (Map.Entry<String, String> tag : tags.values().entrySet()) {
      Optional<String> value = resolve(tag.getValue());
      if (value.isEmpty()) {
        return Optional.empty();
      }
      resolved.put(tag.getKey(), value.get());
    }
    return Optional.of(new Entry.Tags(resolved));
  }

  private Optional<String> resolve(String markdown) throws IOException {
    StringBuilder resolved = new StringBuilder();
    Matcher links = LINK.matcher(markdown);
    while (links.find()) {
      Optional<String> link = link(links.toMatchResult());
      if (link.isEmpty()) {
        return Optional.empty();
      }
      links.appendReplacement(resolved, Matcher.quoteReplacement(link.get()));
    }
    return Optional.of(links.appendTail(resolved).toString());
  }

  private Optional<String> link(MatchResult link) throws IOException {
    RunFolder folder = spool.run(link.group(2));
    Optional<RemoteRun> run = BlockedRuns.ofOther(folder.delivery(serverKey)::run);
    if (run.isPresent()) {
      String address = "#/experiments/" + run.get().experimentId() + "/runs/" + run.get().runId();
      return Optional.of("[" + link.group(1) + "](" + address + ")");
    }
    return blocked.willBeMade(folder, serverKey) ? Optional.empty() : Optional.of(link.group(1));
  }
}
