package simsiam.pipelines.source.records;

import java.util.List;

/**
 * One of the two CIFAR sets, binary version (Krizhevsky 2009).
 *
 * @param name of the set
 * @param folder that the archive unpacks to
 * @param trainFiles batches of the train split, in order
 * @param classNamesFile names by label, one a line, where the set has it
 * @param classNames the same, built in
 * @see <a href="https://www.cs.toronto.edu/~kriz/cifar.html">the format</a>
 */
public record CifarVariant(
    String name,
    RecordFormat format,
    String folder,
    String archive,
    List<String> trainFiles,
    String testFile,
    String classNamesFile,
    List<String> classNames) {
  public static final CifarVariant CIFAR10 =
      new CifarVariant(
          "cifar10",
          RecordFormat.CIFAR10,
          "cifar-10-batches-bin",
          "cifar-10-binary.tar.gz",
          List.of(
              "data_batch_1.bin",
              "data_batch_2.bin",
              "data_batch_3.bin",
              "data_batch_4.bin",
              "data_batch_5.bin"),
          "test_batch.bin",
          "batches.meta.txt",
          words("airplane automobile bird cat deer dog frog horse ship truck"));

  /** Labels are the 100 fine ones. */
  public static final CifarVariant CIFAR100 =
      new CifarVariant(
          "cifar100",
          RecordFormat.CIFAR100,
          "cifar-100-binary",
          "cifar-100-binary.tar.gz",
          List.of("train.bin"),
          "test.bin",
          "fine_label_names.txt",
          words(
              "apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus"
                  + " butterfly camel can castle caterpillar cattle chair chimpanzee clock cloud cockroach"
                  + " couch crab crocodile cup dinosaur dolphin elephant flatfish forest fox girl hamster"
                  + " house kangaroo keyboard lamp lawn_mower leopard lion lizard lobster man maple_tree"
                  + " motorcycle mountain mouse mushroom oak_tree orange orchid otter palm_tree pear"
                  + " pickup_truck pine_tree plain plate poppy porcupine possum rabbit raccoon ray road"
                  + " rocket rose sea seal shark shrew skunk skyscraper snail snake spider squirrel"
                  + " streetcar sunflower sweet_pepper table tank telephone television tiger tractor train"
                  + " trout tulip turtle wardrobe whale willow_tree wolf woman worm"));

  /** Pixels a side. */
  static final int SIZE = 32;

  /** Records of an official CIFAR-10 batch. */
  static final int OFFICIAL_BATCH = 10_000;

  int recordBytes() {
    return format.recordBytes(SIZE, SIZE);
  }

  private static List<String> words(String text) {
    return List.of(text.split(" ", -1));
  }
}
