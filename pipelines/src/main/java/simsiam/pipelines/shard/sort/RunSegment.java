package simsiam.pipelines.shard.sort;

import java.io.Serializable;

/**
 * The examples of one run that go to one shard: a range of bytes in the run's sorted file.
 *
 * @param file sorted file of the run
 * @param offset of the first byte
 * @param length in bytes; 0: none
 */
public record RunSegment(String file, long offset, long length) implements Serializable {}
