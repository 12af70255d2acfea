package simsiam.pipelines.result;

/** A line of a report's head, such as {@code network: resnet10, width 16}. */
public record Fact(String name, String value) {}
