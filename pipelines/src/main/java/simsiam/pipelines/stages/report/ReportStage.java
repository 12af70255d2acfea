package simsiam.pipelines.stages.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import simsiam.eval.embed.Embedding;
import simsiam.eval.features.FeatureSet;
import simsiam.eval.linear.LinearResult;
import simsiam.eval.probe.ProbeResult;
import simsiam.model.data.Manifest;
import simsiam.model.engine.LinearAlgebra;
import simsiam.model.load.ImageSet;
import simsiam.model.net.Method;
import simsiam.model.train.TrainingState;
import simsiam.pipelines.config.load.ConfigYaml;
import simsiam.pipelines.report.Report;
import simsiam.pipelines.report.Sheets;
import simsiam.pipelines.result.Measure;
import simsiam.pipelines.result.PictureFile;
import simsiam.pipelines.result.ResultTable;
import simsiam.pipelines.result.RunReport;
import simsiam.pipelines.result.StageReport;
import simsiam.pipelines.result.StageReport.Group;
import simsiam.pipelines.stage.Stage;
import simsiam.pipelines.stage.StageContext;
import simsiam.pipelines.stages.data.SplitImages;
import simsiam.pipelines.stages.evaluate.Evaluated;
import simsiam.pipelines.stages.evaluate.EvaluationEngine;
import simsiam.pipelines.stages.evaluate.FeatureStore;
import simsiam.pipelines.stages.evaluate.FeatureStore.Encoder;
import simsiam.pipelines.stages.evaluate.SgdOptimum;
import simsiam.pipelines.stages.pretrain.PretrainStage;
import simsiam.pipelines.stages.pretrain.SampleSheets;

/** Curves, tables, sample pictures and one page that shows them all. */
public final class ReportStage implements Stage {
  private static final int EMBEDDED = 2000;
  private static final String SAMPLES = "samples";

  private final List<String> upstream;

  /**
   * A report on stages.
   *
   * @param upstream their names, in the order in which they run; shard, pretrain, features, probe
   *     and linear among them
   */
  public ReportStage(List<String> upstream) {
    this.upstream = List.copyOf(upstream);
  }

  @Override
  public String name() {
    return "report";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public List<String> upstream() {
    return upstream;
  }

  /**
   * None of its own: the page shows every key that can change a result, and each of them is in the
   * inputs of a stage upstream. What cannot, such as the run's name, is not shown.
   */
  @Override
  public List<String> configKeys() {
    return List.of();
  }

  @Override
  public StageReport run(StageContext context) throws IOException {
    List<PictureFile> samples = samples(context);
    List<RunReport.Output> outputs = new ArrayList<>();
    for (String stage : context.upstream()) {
      outputs.add(new RunReport.Output(context.upstream(stage), context.upstreamReport(stage)));
    }
    StageReport own =
        StageReport.of(Group.EVAL, "report.html")
            .measures(acrossProbes(context))
            .pictures(samples.toArray(PictureFile[]::new));
    outputs.add(new RunReport.Output(context.output(), own));
    RunReport run =
        new RunReport(
            context.config().inWords(),
            outputs,
            ConfigYaml.resultsOf(context.config()),
            "./simsiam run run.yaml   # with the configuration below as run.yaml");
    Path page = Report.write(run, context.output());
    for (String file : List.of(page.getFileName().toString(), "results.md", "results.csv")) {
      context.tracking().artifact(context.output().resolve(file), "");
    }
    for (ResultTable table : run.tables()) {
      context.tracking().artifact(context.output().resolve(table.name() + ".csv"), "tables");
    }
    context.tracking().artifact(context.output().resolve("plots"), "plots");
    return own;
  }

  /** What only two stages together tell. */
  private static Measure[] acrossProbes(StageContext context) throws IOException {
    if (!context.upstream().containsAll(List.of("probe", "linear"))) {
      return new Measure[0];
    }
    return SgdOptimum.told(
            Evaluated.read(context.upstream("probe"), ProbeResult.class).map(Evaluated::trained),
            Evaluated.read(context.upstream("linear"), LinearResult.class).map(Evaluated::trained),
            context.upstreamReport("linear").measures())
        .toArray(Measure[]::new);
  }

  /** Draws what the images and features look like, for the page and the tracker's image grid. */
  private List<PictureFile> samples(StageContext context) throws IOException {
    Path shard = context.upstream("shard");
    Manifest manifest = Manifest.read(shard);
    TrainingState state = PretrainStage.lastCheckpoint(context.upstream("pretrain")).state();
    FeatureStore store = new FeatureStore(context.upstream("features"), manifest);
    FeatureSet bank = store.read(Encoder.TRAINED, SplitImages.TRAIN);
    FeatureSet queries = store.read(Encoder.TRAINED, SplitImages.TEST);
    ImageSet train = SplitImages.read(shard, manifest, SplitImages.TRAIN);
    ImageSet test = SplitImages.read(shard, manifest, SplitImages.TEST);
    LinearAlgebra algebra = EvaluationEngine.of(context.config()).linearAlgebra();
    int views = Method.of(state.network()).views();
    Embedding embedding = Embedding.of(queries, EMBEDDED);
    String moment = "epoch " + state.epoch();
    return List.of(
        sample(
            context,
            state.epoch(),
            "views",
            new PictureFile("", "Images and their augmented views", "Sample views", ""),
            Sheets.views(SampleSheets.views(train, state.augment(), views, state.seed()))),
        sample(
            context,
            state.epoch(),
            "neighbours",
            new PictureFile(
                "",
                "Nearest neighbours in the train split",
                "Nearest neighbours",
                "Test images and the train images nearest to them, with their cosine similarity;"
                    + " green: of the same class."),
            Sheets.neighbours(
                SampleSheets.neighbours(algebra, bank, train, queries, test),
                manifest.labelSpace().names(),
                moment)),
        sample(
            context,
            state.epoch(),
            "embedding",
            new PictureFile(
                "",
                "Features of the test split (PCA)",
                "Embedding",
                String.format(
                    Locale.ROOT,
                    "%,d of %,d test images, their features scaled to length 1.",
                    embedding.points().size(),
                    embedding.total())),
            Sheets.embedding(embedding, moment)));
  }

  private static PictureFile sample(
      StageContext context, int epoch, String name, PictureFile picture, byte[] png)
      throws IOException {
    String file = SAMPLES + "/" + name + ".png";
    Files.createDirectories(context.output().resolve(SAMPLES));
    Files.write(context.output().resolve(file), png);
    context.tracking().image(name, epoch, png);
    return new PictureFile(file, picture.title(), picture.section(), picture.text());
  }
}
