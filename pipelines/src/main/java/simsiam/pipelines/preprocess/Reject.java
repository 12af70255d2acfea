package simsiam.pipelines.preprocess;

import java.io.Serializable;

/**
 * An image that could not be used: one line of {@code rejects.jsonl}.
 *
 * @param id it would have had
 * @param source file or folder it came from
 * @param reason one lower-case word, for counting
 * @param bytes length of the file as far as it could be read, else 0
 * @param sha256 of those bytes, lower-case hex; empty where there were none to read
 */
public record Reject(
    String id, String source, String reason, String message, long bytes, String sha256)
    implements Serializable {}
