package simsiam.pipelines.stages;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import simsiam.eval.embed.Embedding;
import simsiam.eval.features.FeatureSet;
import simsiam.model.data.Manifest;
import simsiam.model.engine.EngineSelection;
import simsiam.model.engine.LinearAlgebra;
import simsiam.model.load.ImageSet;
import simsiam.model.train.TrainingState;
import simsiam.pipelines.config.ConfigYaml;
import simsiam.pipelines.report.Report;
import simsiam.pipelines.report.ReportInput;
import simsiam.pipelines.stage.Stage;
import simsiam.pipelines.stage.StageContext;
import simsiam.pipelines.stage.StageResult;
import simsiam.pipelines.stages.FeatureStore.Encoder;

/** Curves, tables, sample pictures and one page that shows them all. */
public final class ReportStage implements Stage {
  private static final int EMBEDDED = 2000;
  private static final List<String> GRID = List.of("views", "neighbours", "embedding");

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
    return List.of("shard", "pretrain", "features", "knn", "linear");
  }

  /** All that it shows comes from upstream. */
  @Override
  public List<String> configKeys() {
    return List.of();
  }

  @Override
  public StageResult run(StageContext context) throws IOException {
    RunOutputs outputs =
        new RunOutputs(
            context.upstream("shard"),
            context.upstream("pretrain"),
            Optional.of(context.upstream("knn")),
            Optional.of(context.upstream("linear")));
    Path page = Report.write(input(context, outputs), context.output());
    Path plots = context.output().resolve("plots");
    for (String file : List.of("report.html", "results.md", "results.csv")) {
      context.tracking().artifact(context.output().resolve(file), "");
    }
    context.tracking().artifact(plots, "plots");
    for (String name : GRID) {
      Path png = plots.resolve(name + ".png");
      if (Files.exists(png)) {
        context.tracking().image(name, outputs.training().last().epoch(), Files.readAllBytes(png));
      }
    }
    return StageResult.of(page.getFileName().toString());
  }

  private static ReportInput input(StageContext context, RunOutputs outputs) throws IOException {
    Manifest manifest = outputs.manifest();
    TrainingState state = outputs.checkpoint().state();
    FeatureStore store = new FeatureStore(context.upstream("features"), manifest);
    FeatureSet bank = store.read(Encoder.TRAINED, SplitImages.TRAIN);
    FeatureSet queries = store.read(Encoder.TRAINED, SplitImages.TEST);
    ImageSet train = SplitImages.read(outputs.shard(), manifest, SplitImages.TRAIN);
    ImageSet test = SplitImages.read(outputs.shard(), manifest, SplitImages.TEST);
    LinearAlgebra algebra = EngineSelection.of(context.config().train()).engine().linearAlgebra();
    int views = state.network().objective().symmetry().views();
    return new ReportInput(
        context.config().name(),
        outputs.facts(),
        manifest.classNames(),
        outputs.training(),
        outputs.evaluations(),
        Optional.of(Embedding.of(queries, EMBEDDED)),
        SampleSheets.views(train, state.augment(), views, state.seed()),
        SampleSheets.neighbours(algebra, bank, train, queries, test),
        ConfigYaml.of(context.config()),
        "./simsiam run run.yaml   # with the configuration below as run.yaml");
  }
}
