package simsiam.model.engine.nd4j.host;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntConsumer;
import simsiam.model.engine.nd4j.kernels.FeatureMap;
import simsiam.model.engine.nd4j.kernels.TiledKernel;

/** A loop over the parts of a {@link Tiling}, all of them or those of a tile of images. */
final class PartLoop implements TiledKernel {
  /** Nothing to find out about a view before its parts. */
  static final IntConsumer NOTHING = view -> {};

  private final Tiling tiling;
  private final Workers workers;
  private final List<FeatureMap> maps;
  private final Workers.Task task;
  private final IntConsumer beforeView;
  private final Optional<Runnable> total;

  /** For each view, whether {@link #beforeView} was done; empty if there is nothing to do. */
  private final List<CountDownLatch> begun = new ArrayList<>();

  /** A loop whose parts are all that there is. */
  PartLoop(Tiling tiling, Workers workers, List<FeatureMap> maps, Workers.Task task) {
    this(tiling, workers, maps, task, NOTHING, Optional.empty());
  }

  /**
   * A loop that sums something up.
   *
   * @param task of a part
   * @param beforeView what all parts of a view need to know of its first image
   * @param total what is done when all parts are
   */
  PartLoop(
      Tiling tiling,
      Workers workers,
      List<FeatureMap> maps,
      Workers.Task task,
      IntConsumer beforeView,
      Optional<Runnable> total) {
    this.tiling = tiling;
    this.workers = workers;
    this.maps = maps;
    this.task = task;
    this.beforeView = beforeView;
    this.total = total;
  }

  @Override
  public void run() {
    for (int view = 0; view < tiling.views(); view++) {
      beforeView.accept(view);
    }
    workers.run(tiling.parts(), task);
    after();
  }

  @Override
  public int alignment() {
    return tiling.imagesOfWholeParts();
  }

  @Override
  public List<FeatureMap> maps() {
    return maps;
  }

  @Override
  public void before() {
    begun.clear();
    for (int view = 0; view < tiling.views(); view++) {
      begun.add(new CountDownLatch(1));
    }
  }

  @Override
  public void run(int first, int images, int worker) {
    int from = tiling.partOf(first);
    if (beforeView != NOTHING) {
      prepareView(tiling.view(from), from % tiling.partsPerView() == 0);
    }
    for (int part = from; part < from + tiling.partsOf(images); part++) {
      task.run(part, workers.scratch(worker));
    }
  }

  private void prepareView(int view, boolean first) {
    if (first) {
      beforeView.accept(view);
      begun.get(view).countDown();
      return;
    }
    try {
      begun.get(view).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted in a step", e);
    }
  }

  @Override
  public boolean sums() {
    return total.isPresent();
  }

  @Override
  public void after() {
    total.ifPresent(Runnable::run);
  }

  @Override
  public void cancel() {
    begun.forEach(CountDownLatch::countDown);
  }
}
