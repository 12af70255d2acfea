package simsiam.pipelines.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import simsiam.pipelines.report.plot.LinePlot;
import simsiam.pipelines.report.plot.Picture;
import simsiam.pipelines.result.Measure;

/** One self-contained HTML page, built from the top down. All text handed in is escaped. */
final class Page {
  private final StringBuilder body = new StringBuilder();
  private final String title;

  Page(String title) {
    this.title = title;
  }

  /**
   * The page's heading, with coloured words beside it.
   *
   * @param badges words, and whether they are good news
   */
  Page heading(Map<String, Boolean> badges) {
    body.append("<h1>").append(Html.escape(title));
    badges.forEach(
        (badge, good) -> {
          body.append(" <span class=\"badge ").append(good ? "ok" : "bad").append("\">");
          body.append(Html.escape(badge)).append("</span>");
        });
    body.append("</h1>\n");
    return this;
  }

  Page section(String heading) {
    body.append("<h2>").append(Html.escape(heading)).append("</h2>\n");
    return this;
  }

  Page text(String paragraph) {
    body.append("<p>").append(Html.escape(paragraph)).append("</p>\n");
    return this;
  }

  Page tiles(List<Measure> measures) {
    body.append("<div class=\"tiles\">\n");
    for (Measure measure : measures) {
      body.append("<div class=\"tile\"><b>").append(Html.escape(measure.text()));
      body.append("</b><span>").append(Html.escape(measure.label())).append("</span></div>\n");
    }
    body.append("</div>\n");
    return this;
  }

  Page table(Table table) {
    body.append("<div class=\"scroll\">\n").append(table.toHtml()).append("</div>\n");
    return this;
  }

  /** Pictures side by side where the window is wide enough. */
  Page figures(List<Picture> pictures) {
    body.append("<div class=\"grid\">\n");
    for (Picture picture : pictures) {
      body.append(picture.width() > LinePlot.WIDTH ? "<figure class=\"wide\">" : "<figure>");
      body.append(Html.image(picture.png(), picture.title())).append("</figure>\n");
    }
    body.append("</div>\n");
    return this;
  }

  Page code(String text) {
    body.append("<pre>").append(Html.escape(text)).append("</pre>\n");
    return this;
  }

  /** Code that is shown on a click. */
  Page foldedCode(String summary, String text) {
    body.append("<details><summary>").append(Html.escape(summary)).append("</summary>\n");
    code(text);
    body.append("</details>\n");
    return this;
  }

  String html() {
    return List.of(
            "<!DOCTYPE html>",
            "<html lang=\"en\">",
            "<head>",
            "<meta charset=\"utf-8\">",
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">",
            "<title>" + Html.escape(title) + "</title>",
            "<style>",
            style() + "</style>",
            "</head>",
            "<body>",
            body + "</body>",
            "</html>",
            "")
        .stream()
        .collect(Collectors.joining("\n"));
  }

  private static String style() {
    try (InputStream css = Page.class.getResourceAsStream("report.css")) {
      return new String(css.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the report's style sheet", e);
    }
  }
}
