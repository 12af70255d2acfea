package simsiam.model.data.features;

/**
 * The feature of one image.
 *
 * @param label class index or index of a label set; -1 where unknown
 * @param feature {@code [D]}
 */
@SuppressWarnings("ArrayRecordComponent") // floats are carried, not compared
public record FeatureRow(String id, int label, float[] feature) {}
