package simsiam.pipelines.stage.store;

import java.util.SortedMap;

/**
 * {@code invocation.json}.
 *
 * @param state {@code running}, {@code finished}, {@code failed} or {@code interrupted}
 * @param ended ISO-8601; empty while running
 * @param ids of the runs of an experiment tracker, by name
 */
public record InvocationState(
    String name,
    String command,
    String state,
    InvocationProcess process,
    String ended,
    SortedMap<String, String> ids) {

  /** The state, or {@code killed} if the process went without saying so. */
  public String actual() {
    boolean gone = state.equals("running") && process.onThisHost() && !process.alive();
    return gone ? "killed" : state;
  }

  /** When the invocation began, ISO-8601. */
  public String started() {
    return process.since();
  }
}
