package simsiam.pipelines.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import simsiam.pipelines.cli.call.Call;

class TextTest {
  @ParameterizedTest
  @CsvSource({
    "0.04, 0.0 s",
    "59.4, 59.4 s",
    "59.96, 1 min 00 s",
    "185, 3 min 05 s",
    "7440, 2 h 04 min"
  })
  void secondsGrowIntoMinutesAndHours(double seconds, String expected) {
    assertThat(Text.seconds(seconds)).isEqualTo(expected);
  }

  @Test
  void columnsAreAsWideAsTheirWidestCell() {
    assertThat(Text.table(List.of(List.of("a", "bcd", "e"), List.of("fgh", "i"))))
        .containsExactly("a    bcd  e", "fgh  i");
  }

  @Test
  void wordsThatAShellWouldTakeApartAreQuoted() {
    assertThat(Call.quoted(List.of("run", "a b", "it's", "x=[1, 2]", "conf/a.yaml")))
        .isEqualTo("run 'a b' 'it'\\''s' 'x=[1, 2]' conf/a.yaml");
  }
}
