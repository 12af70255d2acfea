package simsiam.mlflow.spool;

/**
 * One line of a journal.
 *
 * @param seq counts the run's entries from 0
 * @param time milliseconds since the epoch, fixed when the entry was made
 */
public record Line(long seq, long time, Entry entry) {}
