package simsiam.model.data.table;

import java.io.Serializable;

/**
 * A file that was written and committed.
 *
 * @param file its name inside its folder
 * @param sha256 of its bytes, lower-case hex
 */
public record WrittenFile(String file, long rows, long bytes, String sha256)
    implements Serializable {}
