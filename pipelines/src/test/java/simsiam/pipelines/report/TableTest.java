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

  /** Names of classes and files come from whoever made the data set. */
  @Test
  void csvHoldsNoFormulas() {
    for (String name :
        List.of("=1+1", "+cmd", "-2+3", "@SUM(A1)", "\tx", "－1", "＝1", "-", "+1 a", "-.e1")) {
      assertThat(csv(name)).isEqualTo("'" + name);
    }
    assertThat(csv("\r=1")).isEqualTo("\"'\r=1\"");
    assertThat(csv("=HYPERLINK(\"http://a\",\"b\")"))
        .isEqualTo("\"'=HYPERLINK(\"\"http://a\"\",\"\"b\"\")\"");
    for (String number :
        List.of("-0.84", "+3", "-1e-05", "-.5", "-12 %", "-3.5%", "NaN", "-Infinity", "-0")) {
      assertThat(csv(number)).isEqualTo(number);
    }
    assertThat(csv("-1,234.5")).isEqualTo("\"-1,234.5\"");
    assertThat(csv("a=b")).isEqualTo("a=b");
    assertThat(new Table(List.of("=h"), List.of()).toCsv()).isEqualTo("'=h\n");
  }

  private static String csv(String cell) {
    String csv = new Table(List.of("h"), List.of(List.of(cell))).toCsv();
    return csv.substring(2, csv.length() - 1);
  }

  @Test
  void htmlIsEscaped() {
    assertThat(TABLE.toHtml()).contains("<td>&lt;b&gt;&amp;</td>").doesNotContain("<b>");
  }

  @Test
  void latexCommandsNothing() {
    assertThat(Table.latex("a_b & 50 % of $x #1 {y} \\end ~^<|>\"` -- ±\n."))
        .isEqualTo(
            "a\\_b \\& 50 \\% of \\$x \\#1 \\{y\\} \\textbackslash{}end"
                + " \\textasciitilde{}\\textasciicircum{}\\textless{}\\textbar{}\\textgreater{}"
                + "\\textquotedbl{}\\textasciigrave{} {-}{-} $\\pm$ .");
    assertThat(new Table(List.of("h", "[i]"), List.of(List.of("1", "2"))).toLatex())
        .isEqualTo(
            """
            \\begin{tabular}{ll}
            \\toprule
            {h} & {[i]} \\\\
            \\midrule
            {1} & {2} \\\\
            \\bottomrule
            \\end{tabular}
            """);
  }

  @Test
  void refusesRaggedRows() {
    assertThatThrownBy(() -> new Table(List.of("a"), List.of(List.of("1", "2"))))
        .hasMessage("Cannot make a table: expected 1 cells a row, got 2 ([1, 2])");
  }
}
