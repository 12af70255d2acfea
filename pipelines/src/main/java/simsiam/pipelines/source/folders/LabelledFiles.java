package simsiam.pipelines.source.folders;

import java.util.AbstractList;
import java.util.Iterator;
import java.util.List;
import simsiam.pipelines.source.listing.SourceFile;

/** A list of files under one class; it is not copied for that. */
final class LabelledFiles extends AbstractList<SourceFile> {
  private final List<SourceFile> files;
  private final int label;

  LabelledFiles(List<SourceFile> files, int label) {
    this.files = files;
    this.label = label;
  }

  @Override
  public SourceFile get(int index) {
    return files.get(index).labelled(label);
  }

  @Override
  public int size() {
    return files.size();
  }

  @Override
  public Iterator<SourceFile> iterator() {
    Iterator<SourceFile> left = files.iterator();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return left.hasNext();
      }

      @Override
      public SourceFile next() {
        return left.next().labelled(label);
      }
    };
  }
}
