package simsiam.pipelines.report;

import java.util.ArrayList;
import java.util.List;

/** The pictures of a run, by the section of the page they stand in; a section may be empty. */
record ReportPictures(
    List<Picture> curves,
    List<Picture> views,
    List<Picture> neighbours,
    List<Picture> confusion,
    List<Picture> embedding) {

  static ReportPictures of(ReportInput input) {
    Evaluations evaluations = input.evaluations();
    List<Picture> curves = new ArrayList<>(new TrainingPlots(input.training()).all(evaluations));
    evaluations
        .linear()
        .ifPresent(linear -> curves.add(ProbePlot.draw(linear, evaluations.randomLinear())));
    List<Picture> confusion = new ArrayList<>();
    evaluations
        .knn()
        .ifPresent(
            knn ->
                confusion.add(
                    ConfusionPlot.draw("confusion_knn", "Confusion matrix: kNN", knn.report())));
    evaluations
        .linear()
        .ifPresent(
            linear ->
                confusion.add(
                    ConfusionPlot.draw(
                        "confusion_linear", "Confusion matrix: linear probe", linear.last())));
    return new ReportPictures(
        curves,
        input.views().isEmpty() ? List.of() : List.of(ImageSheet.views(input.views())),
        input.neighbours().isEmpty()
            ? List.of()
            : List.of(
                ImageSheet.neighbours(Sheets.NEIGHBOURS, input.neighbours(), input.classNames())),
        confusion,
        input.embedding().map(EmbeddingPlot::draw).stream().toList());
  }

  List<Picture> all() {
    List<Picture> all = new ArrayList<>(curves);
    all.addAll(views);
    all.addAll(neighbours);
    all.addAll(confusion);
    all.addAll(embedding);
    return all;
  }
}
