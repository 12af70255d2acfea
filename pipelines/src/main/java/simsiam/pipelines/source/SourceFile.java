package simsiam.pipelines.source;

import java.nio.file.Path;

/**
 * A file of a source.
 *
 * @param name stable, relative to the source's root, with {@code /}
 * @param bytes its size
 * @param modifiedNanos time of its last change, nanoseconds since 1970
 */
record SourceFile(String name, Path path, long bytes, long modifiedNanos) {}
