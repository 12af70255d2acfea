package simsiam.pipelines.source.webdataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import simsiam.model.config.InvalidConfigException;

class BracesTest {
  /** As bash writes them out. */
  @Test
  void rangesAndNamesAreWrittenOut() {
    assertThat(Braces.expand("a-{008..011}.tar"))
        .containsExactly("a-008.tar", "a-009.tar", "a-010.tar", "a-011.tar");
    assertThat(Braces.expand("/x/{train,val}/{9..10}.tar"))
        .containsExactly("/x/train/9.tar", "/x/train/10.tar", "/x/val/9.tar", "/x/val/10.tar");
    assertThat(Braces.expand("{a,b{1..2}}")).containsExactly("a", "b1", "a", "b2");
    assertThat(Braces.expand("plain.tar")).containsExactly("plain.tar");
    assertThat(Braces.expand("{000000..001281}")).hasSize(1282).endsWith("001281");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{3..1}", "{1}", "{}", "a{1..2", "a1..2}", "{a..c}", "{1..2}}", "{-1..2}"})
  void othersAreRefused(String pattern) {
    assertThatThrownBy(() -> Braces.expand(pattern))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("braces with a range that counts up or with names")
        .hasMessageContaining(pattern);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{0..9999999}", "{0..99999999999999999999}", "{0..9999}{0..9999}"})
  void soAreMoreNamesThanAnySetHas(String pattern) {
    assertThatThrownBy(() -> Braces.expand(pattern))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("at most 1000000 shards");
  }
}
