package simsiam.model.data;

/**
 * An image of a data set with what is known of it.
 *
 * @param id stable name: a file's path under its root, or {@code data_batch_1.bin#17}
 * @param label class index or index of a label set, see {@link LabelSpace}; -1 where unknown
 * @param height of the decoded image, in pixels
 * @param width of the decoded image, in pixels
 * @param image pixels or encoded file, as the file's {@link ImageEncoding} says
 */
@SuppressWarnings("ArrayRecordComponent") // bytes are carried, not compared
public record ImageExample(String id, int label, int height, int width, byte[] image) {
  public static final int UNKNOWN_LABEL = -1;
}
