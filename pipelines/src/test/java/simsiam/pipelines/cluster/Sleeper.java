package simsiam.pipelines.cluster;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * A child's program: says what it was given, then ends with a code, or sleeps until it is ended.
 */
public final class Sleeper {
  private Sleeper() {}

  /** Does what the system property {@code what} says. */
  public static void main(String[] args) throws InterruptedException {
    PrintStream out = System.out;
    out.println(Arrays.toString(args) + " " + System.getenv("SAID"));
    out.println("threads " + System.getenv("OMP_NUM_THREADS"));
    String what = System.getProperty("what");
    if (!what.equals("sleep")) {
      System.exit(Integer.parseInt(what));
    }
    Runtime.getRuntime().addShutdownHook(new Thread(() -> out.println("saves")));
    out.println("sleeps");
    TimeUnit.MINUTES.sleep(2);
  }
}
