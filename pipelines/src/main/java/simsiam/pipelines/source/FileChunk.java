package simsiam.pipelines.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Image files, one image each.
 *
 * @param root folder that names are relative to
 * @param names of the files, which are also the ids
 * @param labels of the files
 */
record FileChunk(SourceSplit split, String root, List<String> names, List<Integer> labels)
    implements SourceChunk {
  @Override
  public int size() {
    return names.size();
  }

  @Override
  public String origin() {
    return root;
  }

  @Override
  public boolean encoded() {
    return true;
  }

  @Override
  public void read(Receiver receiver) throws IOException {
    for (int i = 0; i < labels.size(); i++) {
      receiver.accept(image(names.get(i), labels.get(i)));
    }
  }

  private SourceImage image(String name, int label) {
    try {
      return new SourceImage.Encoded(name, label, Files.readAllBytes(Path.of(root, name)));
    } catch (IOException e) {
      return new SourceImage.Unreadable(
          name,
          label,
          "unreadable",
          "Cannot read image: expected a readable file, got %s (%s)".formatted(e, name));
    }
  }
}
