package simsiam.mlflow.upload;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import simsiam.mlflow.RemoteRun;
import simsiam.mlflow.rest.RejectedException;
import simsiam.mlflow.spool.Delivery;
import simsiam.mlflow.spool.Delivery.Lane;
import simsiam.mlflow.spool.Entry;
import simsiam.mlflow.spool.JournalReader;
import simsiam.mlflow.spool.Line;
import simsiam.mlflow.spool.Located;
import simsiam.mlflow.spool.RunFolder;
import simsiam.mlflow.spool.Spool;

/**
 * Sends a run's journal, files excepted, strictly in order: each step sends one batch, or one entry
 * that cannot be batched, and then moves the offset on.
 */
public final class DataSender implements RunSender {
  private static final Logger LOG = LoggerFactory.getLogger(DataSender.class);

  private final Spool spool;
  private final BlockedRuns blocked;
  private final RunCreator creator;

  /** Runs that the server did not know any more, and that are being sent anew. */
  private final Set<RunFolder> anew = new HashSet<>();

  DataSender(Spool spool, BlockedRuns blocked) {
    this.spool = spool;
    this.blocked = blocked;
    this.creator = new RunCreator(spool, blocked);
  }

  @Override
  public Lane lane() {
    return Lane.DATA;
  }

  @Override
  public Outcome step(RunFolder folder, Connection connection)
      throws IOException, InterruptedException {
    Delivery delivery = folder.delivery(connection.server().key());
    List<Located> lines = JournalReader.read(folder.journal(), delivery.offset(Lane.DATA));
    if (lines.isEmpty()) {
      return Outcome.IDLE;
    }
    try {
      Optional<RemoteRun> run = run(folder, delivery, connection);
      if (run.isEmpty()) {
        return Outcome.WAITING;
      }
      long end = send(lines, run.get(), folder, connection);
      if (end == 0) {
        return Outcome.WAITING;
      }
      delivery.delivered(Lane.DATA, end);
      anew.remove(folder);
      return Outcome.sentUpTo(end, folder);
    } catch (RejectedException e) {
      refused(e, lines, folder, delivery, connection);
      return Outcome.SENT;
    }
  }

  private Optional<RemoteRun> run(RunFolder folder, Delivery delivery, Connection connection)
      throws IOException, RejectedException, InterruptedException {
    Optional<RemoteRun> known = delivery.run();
    if (known.isPresent()) {
      return known;
    }
    Line first = JournalReader.read(folder.journal(), 0).get(0).line();
    if (!(first.entry() instanceof Entry.Start start)) {
      throw new RejectedException(
          0, "", "Cannot send a journal: expected its start, got " + first.entry());
    }
    return creator.find(start, first.time(), delivery, connection);
  }

  /**
   * Sends the leading lines that go into one request; returns the offset behind them, or 0 if
   * another run must be sent first.
   */
  private long send(List<Located> lines, RemoteRun run, RunFolder folder, Connection connection)
      throws IOException, RejectedException, InterruptedException {
    Batch batch = new Batch();
    long end = 0;
    for (Located located : lines) {
      Entry entry = located.line().entry();
      boolean passedOver = entry instanceof Entry.Start || Lane.of(entry) == Lane.FILES;
      if (RunLinks.isIn(entry) || (!passedOver && !batch.offer(located.line(), located.bytes()))) {
        break;
      }
      end = located.end();
    }
    if (!batch.atoms().isEmpty()) {
      Delivery delivery = folder.delivery(connection.server().key());
      new BatchSender(connection.rest(), delivery, run.runId()).send(batch.atoms());
      return end;
    } else if (end > 0) {
      return end;
    }
    Located first = lines.get(0);
    return single(first, run, folder, connection) ? first.end() : 0;
  }

  private boolean single(Located located, RemoteRun run, RunFolder folder, Connection connection)
      throws IOException, RejectedException, InterruptedException {
    Line line = located.line();
    try {
      return new SingleSender(spool, blocked, creator, run, folder, connection)
          .send(line, located.bytes());
    } catch (RejectedException e) {
      if (e.isMissing() && isUnknown(run, connection)) {
        throw e;
      }
      folder
          .delivery(connection.server().key())
          .quarantine(line, line.entry().getClass().getSimpleName(), e.getMessage());
      return true;
    }
  }

  /**
   * A run that cannot take anything: sent anew from the first line if the server lost it (its
   * database was replaced), given up if a user deleted it.
   */
  private void refused(
      RejectedException e,
      List<Located> lines,
      RunFolder folder,
      Delivery delivery,
      Connection connection)
      throws IOException, InterruptedException {
    Optional<RemoteRun> known = delivery.run();
    if (known.isPresent() && e.isMissing() && isUnknown(known.get(), connection)) {
      if (!anew.add(folder)) {
        throw new IOException(
            "Cannot send a run: expected a server that keeps it, got one that does not know run %s, which it has just made"
                .formatted(known.get().runId()));
      }
      LOG.warn(
          "{} does not know run {} any more: it is sent anew",
          connection.server().uri(),
          folder.path().getFileName());
      delivery.forget();
      return;
    }
    Located last = lines.get(lines.size() - 1);
    String what = "all entries up to " + last.line().seq();
    delivery.quarantine(lines.get(0).line(), what, e.getMessage());
    delivery.delivered(Lane.DATA, last.end());
  }

  private static boolean isUnknown(RemoteRun run, Connection connection)
      throws IOException, InterruptedException {
    try {
      return connection.queries().run(run.runId()).isEmpty();
    } catch (RejectedException e) {
      throw new IOException(e);
    }
  }
}
