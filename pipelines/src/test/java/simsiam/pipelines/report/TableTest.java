package simsiam.pipelines.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
  private static final Table TABLE =
      new Table(
          List.of("name", "value"),
          List.of(List.of("a|b", "1,5"), List.of("say \"hi\"", "two\nlines"), List.of("<b>&", "")));

  @Test
  void markdownKeepsItsColumns() {
    assertThat(TABLE.toMarkdown())
        .isEqualTo(
            """
            | name | value |
            | --- | --- |
            | a\\|b | 1,5 |
            | say "hi" | two lines |
            | &lt;b>&amp; |  |
            """);
  }

  @Test
  void csvQuotesWhatItMust() {
    assertThat(TABLE.toCsv())
        .isEqualTo("name,value\na|b,\"1,5\"\n\"say \"\"hi\"\"\",\"two\nlines\"\n<b>&,\n");
  }

  @Test
  void htmlIsEscaped() {
    assertThat(TABLE.toHtml()).contains("<td>&lt;b&gt;&amp;</td>").doesNotContain("<b>");
  }

  @Test
  void refusesRaggedRows() {
    assertThatThrownBy(() -> new Table(List.of("a"), List.of(List.of("1", "2"))))
        .hasMessage("Cannot make a table: expected 1 cells a row, got 2 ([1, 2])");
  }
}
