package simsiam.pipelines.stage;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Keeps what a run shows. */
public final class RecordingConsole implements Console {
  public final List<String> lines = new ArrayList<>();
  Consumer<String> onNote = line -> {};

  @Override
  public void started(String stage, String reason) {
    lines.add("started " + stage + ": " + reason);
  }

  @Override
  public void ended(String stage, String state, double seconds, String headline) {
    lines.add(state + " " + stage);
  }

  @Override
  public void note(String line) {
    lines.add(line);
    onNote.accept(line);
  }

  @Override
  public Progress progress(String stage, String unit, long total) {
    return new Progress() {
      @Override
      public void update(long done, String note) {
        lines.add(stage + " " + done + "/" + total + " " + unit + " " + note);
      }

      @Override
      public void close() {}
    };
  }
}
