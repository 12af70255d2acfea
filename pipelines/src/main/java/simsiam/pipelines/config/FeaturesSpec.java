package simsiam.pipelines.config;

import java.util.Locale;
import simsiam.model.config.Checks;
import simsiam.model.config.Neutral;
import simsiam.model.engine.Precision;

/**
 * How features are made of images.
 *
 * @param precision of the encoder's maps; {@link Precision#AUTO} becomes FP32
 */
public record FeaturesSpec(@Neutral("fp32") Precision precision) {
  public FeaturesSpec {
    precision = precision == Precision.AUTO ? Precision.FP32 : precision;
    new Checks()
        .require(
            "precision",
            precision.name().toLowerCase(Locale.ROOT),
            precision != Precision.TF32,
            "fp32 or bf16")
        .done();
  }
}
