package simsiam.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The links of README.md, CONTRIBUTING.md and docs. */
class ManualLinksTest {
  /** Every page and heading that the manual leads to is there, and README leads to every page. */
  @Test
  void theManualsLinksLeadSomewhere() throws IOException {
    Pattern link = Pattern.compile("\\]\\(([^)#:\\s]*)(?:#([^)\\s]+))?\\)");
    Set<Path> reached = new TreeSet<>();
    for (Path page : ReadmeCommands.pages()) {
      Matcher matcher = link.matcher(Files.readString(page));
      while (matcher.find()) {
        Path target =
            matcher.group(1).isEmpty() ? page : page.resolveSibling(matcher.group(1)).normalize();
        assertThat(target).as("%s in %s", matcher.group(), page).exists();
        if (matcher.group(2) != null) {
          assertThat(anchors(target))
              .as("%s in %s", matcher.group(), page)
              .contains(matcher.group(2));
        }
        if (page.endsWith("README.md")) {
          reached.add(target);
        }
      }
    }

    assertThat(reached)
        .containsAll(ReadmeCommands.pages().stream().skip(1).map(Path::normalize).toList());
  }

  private static List<String> anchors(Path page) throws IOException {
    return Files.readAllLines(page).stream()
        .filter(line -> line.matches("#+ .+"))
        .map(line -> line.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT))
        .map(line -> line.replaceAll("[^a-z0-9 _-]", "").replace(' ', '-'))
        .toList();
  }
}
