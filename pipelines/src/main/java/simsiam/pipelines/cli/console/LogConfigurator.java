package simsiam.pipelines.cli.console;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.filter.ThresholdFilter;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.spi.FilterReply;
import java.util.List;
import org.slf4j.Marker;
import simsiam.pipelines.stage.Console;

/**
 * Logging without a configuration file, which would take a tenth of a second to parse at every
 * start: warnings to stderr, the rest to the log of the invocation.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_HIGH_PRIORITY)
public final class LogConfigurator extends ContextAwareBase implements Configurator {
  @Override
  public ExecutionStatus configure(LoggerContext context) {
    LogEncoder encoder = new LogEncoder();
    encoder.setContext(context);
    encoder.setPattern("%level: %message \\(%logger{0}\\)%n%nopex");
    encoder.start();
    ThresholdFilter warnings = new ThresholdFilter();
    warnings.setLevel("WARN");
    warnings.start();
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setContext(context);
    console.setTarget("System.err");
    console.setEncoder(encoder);
    console.addFilter(warnings);
    console.addFilter(new NotTold());
    console.start();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.INFO);
    root.addAppender(console);
    // The client warns of every request that it repeats; what cannot be sent the spool keeps and
    // tells.
    context.getLogger("org.mlflow").setLevel(Level.ERROR);
    // JavaCPP warns that the libraries of CUDA for ND4J are of an earlier version than itself.
    context.getLogger("org.bytedeco.javacpp.Loader").setLevel(Level.ERROR);
    for (String runner : List.of("org.apache.flink", "org.apache.spark", "org.sparkproject")) {
      context.getLogger(runner).setLevel(Level.WARN);
    }
    // Flink warns of every long name of a step, and that it has no tokens and no log files.
    for (String chatty :
        List.of(
            "org.apache.flink.metrics.MetricGroup",
            "org.apache.flink.runtime.security.token",
            "org.apache.flink.runtime.webmonitor.WebMonitorUtils")) {
      context.getLogger(chatty).setLevel(Level.ERROR);
    }
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /** Drops what the console says in its own words. */
  private static final class NotTold extends Filter<ILoggingEvent> {
    @Override
    public FilterReply decide(ILoggingEvent event) {
      List<Marker> markers = event.getMarkerList();
      boolean told = markers != null && markers.contains(Console.TOLD);
      return told ? FilterReply.DENY : FilterReply.NEUTRAL;
    }
  }
}
