package simsiam.pipelines.stages.pretrain;

import java.util.Locale;
import java.util.Optional;
import simsiam.model.engine.Engine;
import simsiam.model.train.EpochRecord;
import simsiam.model.train.TrainEvent;
import simsiam.model.train.TrainListener;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.stage.Progress;
import simsiam.pipelines.stage.StageContext;
import simsiam.pipelines.stage.StageTracking;

/** Forwards what training tells to the progress bar and the tracker. */
final class TrainingReporter implements TrainListener {
  private final StageContext context;
  private final Progress progress;
  private final Optional<TrainingMonitor> monitor;
  private final Engine engine;
  private final double sqrtDim;

  TrainingReporter(
      StageContext context, Progress progress, Optional<TrainingMonitor> monitor, Engine engine) {
    this.context = context;
    this.progress = progress;
    this.monitor = monitor;
    this.engine = engine;
    this.sqrtDim = Math.sqrt(context.config().projector().dim());
  }

  @Override
  public void on(TrainEvent event) {
    if (event instanceof TrainEvent.Step step) {
      onStep(step);
    } else if (event instanceof TrainEvent.Epoch epoch) {
      onEpoch(epoch.record());
    } else if (event instanceof TrainEvent.Saving) {
      context.tracking().persist();
    } else if (event instanceof TrainEvent.Begun) {
      RunConfig config = context.config();
      monitor.ifPresent(
          m -> m.untrained(context.tracking(), engine, config.network(), config.seed()));
    } else {
      onContinued(event);
    }
  }

  /** Of what an earlier attempt left. */
  private void onContinued(TrainEvent event) {
    if (event instanceof TrainEvent.Resumed resumed) {
      context.note(
          "Continuing after epoch %s, step %s (%s)"
              .formatted(resumed.epoch(), resumed.step(), resumed.checkpoint().getFileName()));
    } else if (event instanceof TrainEvent.Damaged damaged) {
      context.note(
          "Checkpoint %s is damaged: %s; kept in %s"
              .formatted(damaged.checkpoint().getFileName(), damaged.problem(), damaged.keptAt()));
    } else if (event instanceof TrainEvent.RowsLost lost) {
      context.note(
          PretrainStage.STEPS
              + " lacks "
              + lost.rows()
              + " rows of the steps before that, which stay lost"
              + lost.keptAt().map(kept -> "; as it was it is kept in " + kept).orElse(""));
    } else if (event instanceof TrainEvent.Inexact inexact) {
      String now = inexact.now().describe();
      context.note(
          inexact
              .before()
              .map(
                  before ->
                      "Exactness ends at step %s: trained so far on %s, from here on %s"
                          .formatted(inexact.step(), before.describe(), now))
              .orElse(
                  "The checkpoint does not say what it was trained on; steps after %s are exact if"
                          .formatted(inexact.step())
                      + " that was the same as now, "
                      + now));
    }
  }

  private void onStep(TrainEvent.Step step) {
    progress.update(
        step.step(),
        String.format(
            Locale.ROOT,
            "epoch %d, loss %.3f, std·√d %.2f",
            step.epoch(),
            step.metrics().loss(),
            step.metrics().outputStd() * sqrtDim));
    StageTracking tracking = context.tracking();
    tracking.metric("step/loss", step.metrics().loss(), step.step());
    tracking.metric("step/output_std", step.metrics().outputStd(), step.step());
  }

  private void onEpoch(EpochRecord epoch) {
    StageTracking tracking = context.tracking();
    tracking.metric("epoch/loss", epoch.loss(), epoch.epoch());
    tracking.metric("epoch/output_std", epoch.outputStd(), epoch.epoch());
    tracking.metric("epoch/collapse_level", epoch.collapseLevel(), epoch.epoch());
    tracking.metric("epoch/lr", epoch.lr(), epoch.epoch());
    tracking.metric("epoch/predictor_lr", epoch.predictorLr(), epoch.epoch());
    tracking.metric("epoch/images_per_second", epoch.imagesPerSecond(), epoch.epoch());
    TrainingMonitor.log(tracking, epoch.evaluations(), epoch.epoch());
    monitor.ifPresent(of -> of.pictures(tracking, epoch.epoch()));
    tracking.tag("collapsed", String.valueOf(epoch.collapsed()));
    if (epoch.collapsed()) {
      context.note(
          String.format(
              Locale.ROOT,
              "Epoch %d looks collapsed: output std %.4f is under half of 1/√d (collapse level %.2f)",
              epoch.epoch(),
              epoch.outputStd(),
              epoch.collapseLevel()));
    }
  }
}
