package simsiam.pipelines.report;

/**
 * One line of a result table.
 *
 * @param key for machines, such as {@code knn_top1}
 * @param label for people
 * @param value for machines: a plain number, {@code true} or {@code false}
 * @param text for people: rounded, with its unit
 * @param note what it was measured with
 */
public record Measure(String key, String label, String value, String text, String note) {}
