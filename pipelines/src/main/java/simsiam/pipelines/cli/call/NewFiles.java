package simsiam.pipelines.cli.call;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import picocli.CommandLine.Option;
import simsiam.pipelines.cli.console.UsageException;
import simsiam.pipelines.stage.store.Workspace;

/**
 * The option that lets a command write where the user says: what it may replace there. Devices,
 * pipes and folders never, nor what the program keeps itself: a checkpoint is weeks of work.
 */
public final class NewFiles {
  @Option(names = "--force", description = "replace a file that is there")
  private boolean force;

  /**
   * Refuses a place that cannot or must not hold a new file, before there is any work.
   *
   * @param command what is to be done, for messages: {@code export}
   * @return the place itself, where the name is that of a link to it
   */
  public Path require(String command, Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || Files.isDirectory(file)) {
      throw refusal(command, "a file to write, got a folder", file);
    }
    if (!Files.isDirectory(folder)) {
      throw refusal(command, "a folder to write to, got none", folder);
    }
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw refusal(command, "a new file or a regular one, got a device or a pipe", file);
    }
    if (!Files.exists(file) && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw refusal(command, "a file to write, got a link to nothing", file);
    }
    Path real =
        Files.exists(file)
            ? file.toRealPath()
            : folder.toRealPath().resolve(file.toAbsolutePath().getFileName());
    requireOthers(command, real);
    if (Files.exists(real) && !force) {
      throw refusal(command, "a new file, or --force to replace one", file);
    }
    if (!Files.isWritable(real.getParent())) {
      throw refusal(command, "permission to write to it", real.getParent());
    }
    return real;
  }

  /** Makes a folder for new files unless it is there. */
  public void make(String command, Path folder) throws IOException {
    Path there = folder.toAbsolutePath().normalize();
    while (!Files.exists(there)) {
      there = there.getParent();
    }
    if (!Files.isDirectory(there)) {
      throw refusal(command, "a folder, or none yet, got another file", there);
    }
    requireOthers(command, there.toRealPath().resolve("new"));
    Files.createDirectories(folder);
  }

  private static void requireOthers(String command, Path real) {
    if (Workspace.keeps(real)) {
      throw refusal(command, "a place outside of stages, checkpoints and records of runs", real);
    }
  }

  private static UsageException refusal(String command, String expected, Path got) {
    return new UsageException("Cannot %s: expected %s: %s".formatted(command, expected, got));
  }
}
