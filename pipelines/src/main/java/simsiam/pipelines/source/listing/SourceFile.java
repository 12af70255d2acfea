package simsiam.pipelines.source.listing;

import java.nio.file.Path;

/**
 * A file of a source.
 *
 * @param name stable, relative to the source's root, with {@code /}
 * @param bytes its size
 */
public record SourceFile(String name, Path path, long bytes) {}
