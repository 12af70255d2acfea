package simsiam.pipelines.digest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import simsiam.model.file.AtomicFile;
import simsiam.pipelines.beam.NewFile;
import simsiam.pipelines.beam.SharedFolder;

/** What came of a task, in the shared folder. */
final class OutcomeFile {
  private OutcomeFile() {}

  private static String name(int task) {
    return "found-" + task;
  }

  static void write(SharedFolder shared, int task, List<Outcome> outcomes) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(new DeflaterOutputStream(bytes))) {
      out.writeObject(new ArrayList<>(outcomes));
    }
    try (NewFile file = NewFile.in(shared.folder(), name(task))) {
      AtomicFile.write(file.path(), bytes.toByteArray());
      file.publish();
    }
  }

  /** The outcomes in the order of the task. */
  static List<Outcome> read(Path folder, int task) throws IOException {
    Path file = folder.resolve(name(task));
    try (ObjectInputStream in =
        new ObjectInputStream(new InflaterInputStream(Files.newInputStream(file)))) {
      List<Outcome> outcomes = new ArrayList<>();
      for (Object outcome : (List<?>) in.readObject()) {
        outcomes.add((Outcome) outcome);
      }
      return outcomes;
    } catch (ClassNotFoundException e) {
      throw new IOException("Cannot read %s: %s".formatted(file, e.getMessage()), e);
    }
  }
}
