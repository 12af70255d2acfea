package simsiam.pipelines.stages.data;

import simsiam.pipelines.source.download.DownloadProgress;
import simsiam.pipelines.stage.Console;
import simsiam.pipelines.stage.Progress;

/** Shows a download on the console, one file after the other. */
public final class DownloadBar implements DownloadProgress, AutoCloseable {
  private static final long KB = 1000;

  private final String stage;
  private final Console console;
  private String file = "";
  private Progress shown;

  public DownloadBar(String stage, Console console) {
    this.stage = stage;
    this.console = console;
  }

  @Override
  public void update(String name, long done, long total) {
    if (!name.equals(file)) {
      close();
      console.note("downloading " + name);
      shown = console.progress(stage, "kB", total / KB);
      file = name;
    }
    shown.update(done / KB, name);
  }

  @Override
  public void close() {
    if (shown != null) {
      shown.close();
    }
  }
}
