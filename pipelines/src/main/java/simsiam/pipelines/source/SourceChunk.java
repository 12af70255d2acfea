package simsiam.pipelines.source;

import java.io.IOException;
import java.io.Serializable;
import simsiam.pipelines.source.listing.SourceImage;
import simsiam.pipelines.source.listing.SourceSplit;

/** A run of consecutive images of a source: the unit of parallel work, read by one worker. */
public interface SourceChunk extends Serializable {
  SourceSplit split();

  /** Images in the chunk. */
  int size();

  /** Whether the images are files with an encoding of their own, not plain pixels. */
  boolean encoded();

  /** Where the images lie, for messages: a file or a folder. */
  String origin();

  /** Hands over each image in order. One that cannot be read is handed over as such. */
  void read(Receiver receiver) throws IOException;

  /** Takes the images of a chunk. */
  @FunctionalInterface
  interface Receiver {
    void accept(SourceImage image) throws IOException;
  }
}
