package simsiam.pipelines.cli.console;

import picocli.CommandLine.IVersionProvider;
import simsiam.pipelines.stage.Versions;

/** What {@code --version} prints. */
public final class VersionLine implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {"simsiam " + Versions.program() + " (Java " + Runtime.version() + ")"};
  }
}
