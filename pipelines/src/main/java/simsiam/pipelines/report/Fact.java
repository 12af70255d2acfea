package simsiam.pipelines.report;

/** A line of a report's head, such as {@code data set: cifar10, 10,000 train images}. */
public record Fact(String name, String value) {}
