package simsiam.pipelines.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.io.BoundedSource;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.Test;
import simsiam.pipelines.cluster.Points.Numbers;

class PointsTest {
  @Test
  void eachSplitIsOneElement() throws IOException {
    List<Numbers> splits = new Numbers(0, 5).split(1_000_000, PipelineOptionsFactory.create());

    List<List<Integer>> elements = new ArrayList<>();
    for (Numbers split : splits) {
      elements.add(read(split));
    }
    assertThat(elements)
        .containsExactly(List.of(0), List.of(1), List.of(2), List.of(3), List.of(4));
    assertThat(read(new Numbers(2, 5))).containsExactly(2, 3, 4);
  }

  private static List<Integer> read(Numbers source) throws IOException {
    List<Integer> numbers = new ArrayList<>();
    try (BoundedSource.BoundedReader<Integer> reader =
        source.createReader(PipelineOptionsFactory.create())) {
      for (boolean more = reader.start(); more; more = reader.advance()) {
        numbers.add(reader.getCurrent());
      }
    }
    return numbers;
  }
}
