package simsiam.model.engine.nd4j.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import simsiam.model.engine.nd4j.kernels.Arena;
import simsiam.model.engine.nd4j.kernels.Binding.Context;
import simsiam.model.engine.nd4j.kernels.FeatureMap;
import simsiam.model.engine.nd4j.kernels.NativeArray;
import simsiam.model.engine.nd4j.kernels.Operation;
import simsiam.model.engine.nd4j.kernels.Operation.Kind;
import simsiam.model.engine.nd4j.kernels.Program;
import simsiam.model.engine.nd4j.plan.MapShape;

class TiledChainTest {
  private static final int VIEWS = 2;

  /** An image is half a part of a {@link Tiling}. */
  private static final MapShape SHAPE = new MapShape(40, 32, 32, 16);

  private final Arena arena = new Arena();
  private final Workers workers = new Workers(2);
  private final Context context = new Context(arena, VIEWS, true);

  @AfterEach
  void close() {
    workers.close();
    arena.close();
  }

  /** Adds to each value of a map. */
  private PartLoop loop(FeatureMap map, float added) {
    Tiling tiling = Tiling.of(map.shape(), VIEWS);
    return new PartLoop(
        tiling,
        workers,
        List.of(map),
        (part, scratch) -> {
          for (int at = tiling.from(part); at < tiling.to(part); at++) {
            map.values().put(at, map.values().get(at) + added);
          }
        });
  }

  private List<Operation> arranged(PartLoop... loops) {
    List<Operation> operations =
        List.of(loops).stream().map(loop -> new Operation(Kind.POOLING, loop)).toList();
    return TiledChain.arranged(operations, workers, context);
  }

  private static List<Boolean> chains(List<Operation> arranged) {
    return arranged.stream().map(o -> o.kernel() instanceof Program.Chain).toList();
  }

  @Test
  void everyImageGoesThroughEveryOperationOnce() {
    FeatureMap map = arena.map(SHAPE);
    List<Operation> arranged = arranged(loop(map, 1), loop(map, 2), loop(map, 4));
    assertThat(chains(arranged)).containsExactly(true);
    arranged.get(0).kernel().run();
    float[] values = new float[Math.toIntExact(SHAPE.size())];
    map.values().get(0, values);
    assertThat(IntStream.range(0, values.length)).allMatch(i -> values[i] == 7f);
  }

  /** A tile of the second would write over images of the first that others still read. */
  @Test
  void mapsOfOtherShapesInTheSameMemoryAreNotTiledTogether() {
    NativeArray memory = arena.array(SHAPE.size());
    FeatureMap wide = new FeatureMap(SHAPE, memory);
    FeatureMap narrow = new FeatureMap(new MapShape(40, 16, 16, 32), memory);
    assertThat(chains(arranged(loop(wide, 1), loop(narrow, 1)))).containsExactly(false, false);
    assertThat(chains(arranged(loop(wide, 1), loop(wide, 1)))).containsExactly(true);
    FeatureMap apart = arena.map(narrow.shape());
    assertThat(chains(arranged(loop(wide, 1), loop(apart, 1)))).containsExactly(true);
  }

  @Test
  void aSumEndsAChain() {
    FeatureMap map = arena.map(SHAPE);
    List<Float> seen = new ArrayList<>();
    PartLoop sum =
        new PartLoop(
            Tiling.of(SHAPE, VIEWS),
            workers,
            List.of(map),
            (part, scratch) -> {},
            PartLoop.NOTHING,
            Optional.of(() -> seen.add(map.values().get(0))));
    List<Operation> arranged = arranged(loop(map, 1), sum, loop(map, 2), loop(map, 4));
    assertThat(chains(arranged)).containsExactly(true, true);
    arranged.forEach(operation -> operation.kernel().run());
    assertThat(seen).containsExactly(1f);
    assertThat(map.values().get(0)).isEqualTo(7f);
  }

  @Test
  void tooFewImagesForTheThreadsAreNotTiled() {
    FeatureMap map = arena.map(new MapShape(8, 32, 32, 16));
    assertThat(chains(arranged(loop(map, 1), loop(map, 1)))).containsExactly(false, false);
  }

  /** The other tiles of a view wait for the first. */
  @Test
  @Timeout(20)
  void aFailedTileFailsTheChain() {
    FeatureMap map = arena.map(SHAPE);
    Tiling tiling = Tiling.of(SHAPE, VIEWS);
    PartLoop failing =
        new PartLoop(
            tiling,
            workers,
            List.of(map),
            (part, scratch) -> {
              if (part == 0) {
                throw new ArithmeticException("first");
              }
            });
    PartLoop waiting =
        new PartLoop(
            tiling,
            workers,
            List.of(map),
            (part, scratch) -> {},
            view -> map.values().put(view, 1),
            Optional.empty());
    List<Operation> arranged = arranged(failing, waiting);
    assertThat(chains(arranged)).containsExactly(true);
    assertThatIllegalStateException()
        .isThrownBy(() -> arranged.get(0).kernel().run())
        .withMessage("Cannot finish a step: a worker failed")
        .withRootCauseInstanceOf(ArithmeticException.class);
  }
}
