package simsiam.eval.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import simsiam.eval.JavaLinearAlgebra;
import simsiam.eval.embed.Spectrum;

/**
 * Held against the papers' formulas in NumPy 2.4, which share no code with those here:
 *
 * <pre>{@code
 * import numpy as np
 * def points(n, dim):
 *     i = np.arange(n)[:, None]; j = np.arange(dim)[None, :]
 *     z = ((i * 7919 + j * 104729 + (i * j) % 31 * 13) % 211) / 64.0 / (1.0 + j) ** 0.75
 *     return z.astype(np.float32).astype(float)
 * def rank_me(z):
 *     s = np.linalg.svd(z, compute_uv=False); p = s / s.sum() + 1e-7
 *     return np.exp(-(p * np.log(p)).sum())
 * def variances(z): return np.linalg.eigvalsh(np.cov(z.T, bias=True))[::-1]
 * def effective_rank(z):
 *     p = variances(z) / variances(z).sum()
 *     return np.exp(-(p * np.log(p)).sum())
 * def alpha_req(z):
 *     v = variances(z)[:100]; rank = np.arange(4, len(v) + 1)
 *     return -np.polyfit(np.log(rank), np.log(v[3:]), 1, w=np.sqrt(1 / rank))[0]
 * def unit(z): return z / np.linalg.norm(z, axis=1, keepdims=True)
 * def alignment(z):
 *     a, b = np.split(unit(z), 2)
 *     return ((a - b) ** 2).sum(1).mean()
 * def uniformity(z):
 *     u = unit(z)
 *     d = ((u[:, None] - u[None]) ** 2).sum(2)[np.triu_indices(len(u), 1)]
 *     return np.log(np.exp(-2 * d).mean())
 * for z in (points(60, 12), points(300, 120)):
 *     print(rank_me(z), effective_rank(z), alpha_req(z), alignment(z), uniformity(z))
 * }</pre>
 */
class MonitorsTest {
  private static final float[] FEW = points(60, 12);

  /** More than a hundred channels: α's range ends before the spectrum does. */
  private static final float[] MANY = points(300, 120);

  private static float[] points(int n, int dim) {
    float[] points = new float[n * dim];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < dim; j++) {
        int whole = (i * 7919 + j * 104729 + (i * j) % 31 * 13) % 211;
        points[i * dim + j] = (float) (whole / 64.0 / Math.pow(1 + j, 0.75));
      }
    }
    return points;
  }

  private static double rankMe(float[] points, int dim) {
    double[] singular =
        Arrays.stream(Spectrum.uncentred(points, dim).values()).map(Math::sqrt).toArray();
    return SpectralMeasures.rankMe(singular, Math.min(points.length / dim, dim)).orElseThrow();
  }

  private static double effectiveRank(float[] points, int dim) {
    return SpectralMeasures.effectiveRank(Spectrum.of(points, dim).values()).orElseThrow();
  }

  private static double alphaReq(float[] points, int dim) {
    return SpectralMeasures.alphaReq(Spectrum.of(points, dim).values()).orElseThrow();
  }

  private static double uniformity(float[] points, int dim) {
    return Hypersphere.uniformity(new JavaLinearAlgebra(), points, dim);
  }

  @Test
  void areTheFormulasOfThePapers() {
    assertThat(rankMe(FEW, 12)).isCloseTo(7.13308093045089, within(1e-6));
    assertThat(rankMe(MANY, 120)).isCloseTo(45.16271780745695, within(1e-6));
    assertThat(effectiveRank(FEW, 12)).isCloseTo(5.383511287545932, within(1e-6));
    assertThat(effectiveRank(MANY, 120)).isCloseTo(12.251590148962155, within(1e-6));
    assertThat(alphaReq(FEW, 12)).isCloseTo(1.7405487291155706, within(1e-6));
    assertThat(alphaReq(MANY, 120)).isCloseTo(1.5933310137951235, within(1e-6));
    assertThat(Hypersphere.alignment(FEW, 30, 12)).isCloseTo(0.4025167817573055, within(1e-6));
    assertThat(Hypersphere.alignment(MANY, 150, 120)).isCloseTo(0.5344196411462044, within(1e-6));
    assertThat(uniformity(FEW, 12)).isCloseTo(-0.7947320274259305, within(1e-6));
    assertThat(uniformity(MANY, 120)).isCloseTo(-0.8472386613655754, within(1e-6));
  }

  /** Fewer images than channels: the matrix has no more singular values than rows. */
  @Test
  void rankMeCountsNoMoreDirectionsThanImages() {
    float[] axes = new float[3 * 8];
    axes[0] = 2;
    axes[8 + 1] = 2;
    axes[16 + 2] = 2;

    assertThat(rankMe(axes, 8)).isCloseTo(3, within(1e-5));
    assertThat(SpectralMeasures.rankMe(new double[] {1, 1, 1}, 8).orElseThrow())
        .isCloseTo(3 * (1 + 5 * 1e-7 * (Math.log(1e7) - Math.log(3))), within(1e-5));
  }

  @Test
  void aPowerLawHasItsExponent() {
    double[] law = new double[200];
    Arrays.setAll(law, i -> 5 * Math.pow(i + 1, -0.8));
    assertThat(SpectralMeasures.alphaReq(law).orElseThrow()).isCloseTo(0.8, within(1e-12));

    law[0] *= 100; // the first three and those after the hundredth have no part in it
    law[2] *= 100;
    law[100] *= 100;
    assertThat(SpectralMeasures.alphaReq(law).orElseThrow()).isCloseTo(0.8, within(1e-12));
    law[99] *= 2;
    assertThat(SpectralMeasures.alphaReq(law).orElseThrow()).isLessThan(0.7999);
  }

  @Test
  void whatIsEvenlySpreadHasFullRank() {
    assertThat(SpectralMeasures.effectiveRank(new double[] {3, 3, 3, 3}).orElseThrow())
        .isCloseTo(4, within(1e-12));
    assertThat(SpectralMeasures.effectiveRank(new double[] {3}).orElseThrow()).isEqualTo(1.0);
  }

  /** No figure is better than NaN, which no tracker draws. */
  @Test
  void collapsedFeaturesHaveNoFigureThatIsNotDefined() {
    float[] same = new float[40];
    Arrays.fill(same, 3);
    assertThat(rankMe(same, 4)).isCloseTo(1, within(1e-5));
    assertThat(SpectralMeasures.effectiveRank(Spectrum.of(same, 4).values())).isEmpty();
    assertThat(SpectralMeasures.alphaReq(Spectrum.of(same, 4).values())).isEmpty();
    assertThat(SpectralMeasures.rankMe(new double[0], 4)).isEmpty();
    assertThat(SpectralMeasures.alphaReq(new double[] {4, 3, 2, 1})).isEmpty();
    assertThat(SpectralMeasures.alphaReq(new double[] {16, 8, 4, 2, 1})).isPresent();
    assertThat(uniformity(same, 4)).isCloseTo(0, offset(1e-6));
    assertThat(uniformity(new float[8], 4)).isEqualTo(0.0);
    assertThat(Hypersphere.alignment(new float[8], 1, 4)).isEqualTo(0.0);
  }

  /** The circle's four points: two at distance² 2 of each, one at 4. */
  @Test
  void lengthsHaveNoPartInTheSphere() {
    float[] cross = {5, 0, -1, 0, 0, 3, 0, -0.5f};
    double expected = Math.log((2 * Math.exp(-4) + Math.exp(-8)) / 3);

    assertThat(uniformity(cross, 2)).isCloseTo(expected, within(1e-6));
    assertThat(Hypersphere.alignment(cross, 2, 2)).isCloseTo(2, within(1e-6));
  }

  @Test
  void onePointHasNoPairs() {
    assertThatThrownBy(() -> uniformity(new float[4], 4))
        .hasMessage("Cannot measure uniformity: expected at least 2 images, got 1");
  }
}
