package simsiam.pipelines.shard.sort;

import java.io.Serializable;

/**
 * The examples of one run that a task merges: a range of bytes in the run's sorted file.
 *
 * @param file name of the run's file
 * @param offset of the first byte
 * @param length in bytes, not 0
 */
public record RunSegment(String file, long offset, long length) implements Serializable {}
