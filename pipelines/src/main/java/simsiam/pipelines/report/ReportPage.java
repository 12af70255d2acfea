package simsiam.pipelines.report;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The HTML page of one run. */
final class ReportPage {
  private static final List<String> HEADLINES =
      List.of("knn_top1", "random_encoder_knn_top1", "linear_top1", "final_loss");

  private ReportPage() {}

  static Page of(ReportInput input, List<Measure> measures, ReportPictures pictures) {
    boolean collapsed = input.training().last().collapsed();
    Page page = new Page(input.name());
    page.heading(collapsed ? "collapsed" : "not collapsed", !collapsed);
    if (collapsed) {
      page.text(
          "The outputs have collapsed: at the end their standard deviation is under half of what"
              + " spread-out outputs have. Such an encoder has learnt little or nothing.");
    }
    page.tiles(measures.stream().filter(m -> HEADLINES.contains(m.key())).toList());
    page.section("Results").table(Report.shown(measures));
    if (!input.facts().isEmpty()) {
      page.section("Run").table(facts(input.facts()));
    }
    page.section("Curves").figures(pictures.curves());
    pictureSections(page, input, pictures);
    Optional<Table> perClass = PerClass.of(input.evaluations());
    if (perClass.isPresent()) {
      page.section("Accuracy by class").table(perClass.get());
    }
    page.section("Reproduce").text("In the project's folder:").code(input.command());
    page.foldedCode("Effective configuration", input.config());
    return page;
  }

  private static void pictureSections(Page page, ReportInput input, ReportPictures pictures) {
    if (!pictures.views().isEmpty()) {
      page.section("Sample views").figures(pictures.views());
    }
    if (!pictures.neighbours().isEmpty()) {
      page.section("Nearest neighbours")
          .text(
              "Test images and the train images nearest to them, with their cosine similarity;"
                  + " green: of the same class.")
          .figures(pictures.neighbours());
    }
    if (!pictures.confusion().isEmpty()) {
      page.section("Confusion").figures(pictures.confusion());
    }
    if (input.embedding().isPresent()) {
      page.section("Embedding")
          .text(
              String.format(
                  Locale.ROOT,
                  "%,d of %,d test images, their features scaled to length 1.",
                  input.embedding().get().points().size(),
                  input.embedding().get().total()))
          .figures(pictures.embedding());
    }
  }

  private static Table facts(List<Fact> facts) {
    return new Table(
        List.of("what", "value"),
        facts.stream().map(fact -> List.of(fact.name(), fact.value())).toList());
  }
}
