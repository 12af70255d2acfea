package simsiam.pipelines.source.files;

import java.io.IOException;
import java.util.List;
import simsiam.pipelines.source.SourceChunk;
import simsiam.pipelines.source.listing.SourceImage;
import simsiam.pipelines.source.listing.SourceSplit;

/**
 * Images of a split that the source names but that are not there: nothing to read, all rejected.
 *
 * @param origin folder or list that names them
 */
record MissingChunk(SourceSplit split, String origin, List<SourceImage.Unreadable> images)
    implements SourceChunk {
  @Override
  public int size() {
    return images.size();
  }

  @Override
  public boolean encoded() {
    return true;
  }

  @Override
  public void read(Receiver receiver) throws IOException {
    for (SourceImage.Unreadable image : images) {
      receiver.accept(image);
    }
  }
}
