package simsiam.pipelines.stages.pretrain;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import simsiam.model.train.EpochRecord;
import simsiam.pipelines.result.Curve;
import simsiam.pipelines.result.Curve.Role;
import simsiam.pipelines.result.Measure;

/** What the monitors of a training found, from its history; nothing where there were none. */
final class MonitorReport {
  /** Lines of the spectrum's plot. */
  private static final int MOST_SPECTRA = 8;

  private static final double DIGITS = 1e4;

  private final List<EpochRecord> history;

  MonitorReport(List<EpochRecord> history) {
    this.history = history;
  }

  /** What the last evaluation found. */
  Measure[] measures() {
    List<Measure> measures = new ArrayList<>();
    add(measures, "rank_me", "RankMe", "of the features, at the last evaluation");
    add(measures, "effective_rank", "effective rank", "of the features' covariance");
    add(measures, "alpha_req", "α-ReQ", "decay of the covariance's spectrum; near 1 is best");
    add(
        measures,
        "alignment",
        "alignment",
        "mean squared distance of two views; the less, the more alike");
    add(
        measures,
        "uniformity",
        "uniformity",
        "log of the mean of exp(-2·distance²); the less, the more even");
    return measures.toArray(Measure[]::new);
  }

  private void add(List<Measure> measures, String name, String label, String note) {
    List<EpochRecord> measured = having(name);
    if (!measured.isEmpty()) {
      double last = measured.get(measured.size() - 1).evaluations().get(name);
      measures.add(Measure.number("final_" + name, label, last).note(note));
    }
  }

  Curve[] curves() {
    Curve probe = curve("online_probe", "Linear probe during training", "top-1, test split (%)");
    Curve rank = curve("rank", "Rank of the features", "directions in use");
    Curve alpha = curve("alpha_req", "Decay of the spectrum (α-ReQ)", "exponent α");
    Curve alignment = curve("alignment", "Alignment of two views", "mean squared distance");
    Curve uniformity = curve("uniformity", "Uniformity", "log of mean exp(-2·distance²)");
    rank = line(rank, "rank_me", "RankMe", Role.MAIN);
    alpha = line(alpha, "alpha_req", "this encoder", Role.MAIN);
    return new Curve[] {
      line(probe, "online_probe_top1", "this encoder", Role.MAIN),
      line(rank, "effective_rank", "effective rank of the covariance", Role.SECOND),
      alpha.lines().isEmpty() ? alpha : alpha.level("best", Role.GOOD, 1),
      line(alignment, "alignment", "this encoder", Role.MAIN),
      line(uniformity, "uniformity", "this encoder", Role.MAIN),
      spectra()
    };
  }

  private static Curve curve(String name, String title, String yLabel) {
    return new Curve(name, title, "epoch", yLabel);
  }

  private List<EpochRecord> having(String name) {
    return history.stream().filter(epoch -> epoch.evaluations().containsKey(name)).toList();
  }

  private Curve line(Curve curve, String name, String label, Role role) {
    List<EpochRecord> measured = having(name);
    return measured.isEmpty()
        ? curve
        : curve.line(
            label,
            role,
            measured.stream().map(epoch -> (double) epoch.epoch()).toList(),
            measured.stream().map(epoch -> epoch.evaluations().get(name)).toList());
  }

  /** A line an evaluation, evenly chosen if there are many: the first, those between, the last. */
  private Curve spectra() {
    Curve curve =
        new Curve(
            "spectrum_by_epoch",
            "Spectrum of the features by epoch",
            "index, the largest first",
            "log10 of singular value");
    List<EpochRecord> measured = having(TrainingMonitor.SINGULAR_VALUE + 1);
    int lines = Math.min(MOST_SPECTRA, measured.size());
    for (int i = 0; i < lines; i++) {
      int last = measured.size() - 1;
      EpochRecord epoch = measured.get(lines == 1 ? last : i * last / (lines - 1));
      Role role = i == lines - 1 ? Role.MAIN : i == 0 ? Role.SECOND : Role.BACKGROUND;
      Map<Integer, Double> values = spectrum(epoch);
      curve =
          curve.line(
              "epoch " + epoch.epoch(),
              role,
              values.keySet().stream().map(Integer::doubleValue).toList(),
              List.copyOf(values.values()));
    }
    return curve;
  }

  /** Logarithms by rank. */
  private static Map<Integer, Double> spectrum(EpochRecord epoch) {
    Map<Integer, Double> values = new TreeMap<>();
    epoch
        .evaluations()
        .forEach(
            (name, value) -> {
              if (name.startsWith(TrainingMonitor.SINGULAR_VALUE)) {
                int rank =
                    Integer.parseInt(name.substring(TrainingMonitor.SINGULAR_VALUE.length()));
                values.put(rank, Math.rint(Math.log10(value) * DIGITS) / DIGITS);
              }
            });
    return values;
  }
}
