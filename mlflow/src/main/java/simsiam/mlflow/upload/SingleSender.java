package simsiam.mlflow.upload;

import java.io.IOException;
import java.util.Optional;
import simsiam.mlflow.RemoteRun;
import simsiam.mlflow.rest.RejectedException;
import simsiam.mlflow.spool.Delivery;
import simsiam.mlflow.spool.Entry;
import simsiam.mlflow.spool.JournalReader;
import simsiam.mlflow.spool.Line;
import simsiam.mlflow.spool.RunFolder;
import simsiam.mlflow.spool.Spool;

/** Sends an entry that takes requests of its own. */
record SingleSender(
    Spool spool,
    BlockedRuns blocked,
    RunCreator creator,
    RemoteRun run,
    RunFolder folder,
    Connection connection) {

  /**
   * Sends it.
   *
   * @param bytes length of the line
   * @return false if another run must be sent first
   */
  boolean send(Line line, int bytes) throws IOException, RejectedException, InterruptedException {
    Entry entry = line.entry();
    ModelUse use = new ModelUse(spool, blocked, run, folder, connection);
    if (entry instanceof Entry.Tags tags) {
      return linked(tags, line, bytes);
    } else if (entry instanceof Entry.ModelInput input) {
      return use.input(input);
    } else if (entry instanceof Entry.ModelMetrics metrics) {
      return use.measure(metrics, line, bytes);
    }
    now(line);
    return true;
  }

  private void now(Line line) throws IOException, RejectedException, InterruptedException {
    SingleEntries single = new SingleEntries(connection.rest(), run.runId());
    if (line.entry() instanceof Entry.Unreadable unreadable) {
      delivery().quarantine(line, "unreadable line", unreadable.reason());
    } else if (line.entry() instanceof Entry.Dataset dataset) {
      single.dataset(dataset.input());
    } else if (line.entry() instanceof Entry.Model model) {
      new ModelSender(run, folder.uid(), delivery(), connection).make(model);
    } else if (line.entry() instanceof Entry.Resume) {
      single.running();
    } else if (line.entry() instanceof Entry.End end) {
      single.end(end.status(), line.time());
      Line first = JournalReader.read(folder.journal(), 0).get(0).line();
      if (first.entry() instanceof Entry.Start start) {
        creator.removeTwins(folder, start, run, connection);
      }
    }
  }

  private boolean linked(Entry.Tags tags, Line line, int bytes)
      throws IOException, RejectedException, InterruptedException {
    Optional<Entry.Tags> resolved =
        new RunLinks(spool, blocked, connection.server().key()).resolve(tags);
    if (resolved.isPresent()) {
      Batch batch = new Batch();
      Line sent = new Line(line.seq(), line.time(), resolved.get());
      batch.offer(sent, bytes);
      new BatchSender(connection.rest(), delivery(), run.runId()).send(batch.atoms());
    }
    return resolved.isPresent();
  }

  private Delivery delivery() {
    return folder.delivery(connection.server().key());
  }
}
