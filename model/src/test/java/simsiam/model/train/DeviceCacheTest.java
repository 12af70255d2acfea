package simsiam.model.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static simsiam.model.train.CachedViewsTest.job;
import static simsiam.model.train.CachedViewsTest.torch;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.augment.ViewDevice;
import simsiam.model.engine.Engine;
import simsiam.model.engine.LinearAlgebra;
import simsiam.model.engine.Precision;
import simsiam.model.engine.StepMemory;
import simsiam.model.engine.TrainingNet;
import simsiam.model.image.RgbImage;
import simsiam.model.load.ImageSet;
import simsiam.model.net.Method;
import simsiam.model.net.Tensor;
import simsiam.model.train.spec.DeviceCache;

/** Whether images are cached where the network is: by the key, and by the memory that is free. */
class DeviceCacheTest {
  private static final int IMAGES = 22;

  @TempDir private Path folder;

  private void train(Engine engine, Pretrainer.Job job, ImageSet images, String name) {
    Path output = folder.resolve(name);
    new Pretrainer(
            engine,
            job,
            images,
            new Pretrainer.Folders(output, output.resolve("aside")),
            net -> Map.of(),
            event -> {},
            () -> false)
        .run();
  }

  /** An engine on a device with that many bytes free. */
  private record Small(Engine of, long freeBytes) implements Engine {
    @Override
    public String name() {
      return of.name();
    }

    @Override
    public String describe() {
      return of.describe();
    }

    @Override
    public int threads() {
      return of.threads();
    }

    @Override
    public TrainingNet create(Method method, SortedMap<String, Tensor> weights) {
      return of.create(method, weights);
    }

    @Override
    public boolean makesViews(ViewDevice asked) {
      return of.makesViews(asked);
    }

    @Override
    public LinearAlgebra linearAlgebra() {
      return of.linearAlgebra();
    }
  }

  private MixedImages trainedWith(long freeBytes, DeviceCache cache, String name) {
    MixedImages images = new MixedImages(IMAGES);
    train(new Small(torch(1), freeBytes), job(cache), images, name);
    return images;
  }

  @Test
  void cachesWhatFitsIntoHalfOfWhatIsFree() {
    StepMemory memory =
        StepMemory.of(Method.of(job(DeviceCache.AUTO).network()), 12, Precision.FP32);
    long steps = memory.fixed() + TargetTrainings.BATCH * memory.image();
    long bytes = 3L * Arrays.stream(new MixedImages(IMAGES).areas()).sum();
    assertThat(trainedWith(steps + 2 * bytes, DeviceCache.AUTO, "fits").asked).hasValue(IMAGES);
    assertThat(trainedWith(steps + 2 * bytes - 1, DeviceCache.AUTO, "not").asked).hasValue(60);
    assertThat(trainedWith(steps + bytes, DeviceCache.ALWAYS, "must").asked).hasValue(IMAGES);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> trainedWith(steps + bytes - 1, DeviceCache.ALWAYS, "cannot"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> trainedWith(1, DeviceCache.ALWAYS, "cannot"))
        .withMessage(
            "Cannot train: expected at most 0.00 MB beside the steps for the pixels of the"
                + " training images, got 0.02 MB (train.device_cache is always; auto lets them"
                + " travel)");
  }

  /** More bytes than any address can tell. */
  @Test
  void namesTheKeyWhereTheDeviceHasNoMemory() {
    ImageSet vast = new Vast(new MixedImages(100_000));
    Engine engine = new Small(torch(1), Long.MAX_VALUE);
    assertThatThrownBy(() -> train(engine, job(DeviceCache.AUTO), vast, "vast"))
        .isInstanceOf(TrainingFailedException.class)
        .hasMessageStartingWith("Cannot cache images: expected memory on cpu, got ")
        .hasMessageEndingWith(
            " (train.device_cache=never lets them travel with each batch); there is no checkpoint"
                + " yet");
  }

  /** A set that says that its images are as large as can be. */
  private record Vast(ImageSet images) implements ImageSet {
    @Override
    public int size() {
      return images.size();
    }

    @Override
    public String id(int index) {
      return images.id(index);
    }

    @Override
    public int label(int index) {
      return images.label(index);
    }

    @Override
    public RgbImage image(int index) {
      return images.image(index);
    }

    @Override
    public int[] areas() {
      int[] areas = new int[size()];
      Arrays.fill(areas, Integer.MAX_VALUE);
      return areas;
    }
  }

  @Test
  void refusesToCacheWhatTheLoadersThreadsMakeViewsOf() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                train(
                    torch(1),
                    job(DeviceCache.ALWAYS, ViewDevice.CPU, 2),
                    new MixedImages(IMAGES),
                    "cpu"))
        .withMessage(
            "Cannot train: expected train.device_cache auto or never where views are made by the"
                + " loader's threads, got always");
  }
}
