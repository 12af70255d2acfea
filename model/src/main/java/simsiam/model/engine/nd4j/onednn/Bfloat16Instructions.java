package simsiam.model.engine.nd4j.onednn;

import java.util.Locale;
import org.bytedeco.dnnl.global.dnnl;

/** The instructions for products of bf16 values that oneDNN uses here. */
public enum Bfloat16Instructions {
  /** Products of tiles: server Xeons since 2023. */
  AMX("AMX"),
  /** Products of pairs: EPYC since Zen 4, Xeons of 2020. */
  AVX512_BF16("AVX512_BF16"),
  /** None: oneDNN computes as if it had them, slower than in float32, or by reference loops. */
  NONE("neither AMX nor AVX512_BF16");

  private final String words;

  Bfloat16Instructions(String words) {
    this.words = words;
  }

  /** Of this processor, within the limit that {@code ONEDNN_MAX_CPU_ISA} sets. */
  public static Bfloat16Instructions here() {
    return of(instructionSet());
  }

  /** oneDNN's name of the instructions that it uses here, in lower case. */
  public static String instructionSet() {
    return dnnl.get_effective_cpu_isa().intern().name().toLowerCase(Locale.ROOT);
  }

  static Bfloat16Instructions of(String set) {
    if (set.contains("amx")) {
      return AMX;
    }
    boolean pairs =
        set.equals("avx512_core_bf16") || set.equals("avx512_core_fp16") || set.contains("avx10");
    return pairs ? AVX512_BF16 : NONE;
  }

  public boolean present() {
    return this != NONE;
  }

  @Override
  public String toString() {
    return words;
  }
}
