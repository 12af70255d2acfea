package simsiam.model.load;

/** The order of an epoch over images that can be had in any order. */
record RandomAccessEpoch(ImageSet images, RowShuffle.Plan plan) implements EpochImages {
  @Override
  public int index(int position) {
    return plan.rows()[position];
  }

  @Override
  public String name(int position) {
    return images.id(index(position));
  }

  @Override
  public Taken take(int position) {
    int index = index(position);
    return new Taken(images.id(index), images.label(index), images.image(index));
  }

  @Override
  public void close() {}
}
