package simsiam.pipelines.cli.console;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.FileAppender;
import java.nio.file.Path;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** The log of one invocation: everything from INFO up, that of java.util.logging too. */
public final class LogFile implements AutoCloseable {
  private final Logger root;
  private final FileAppender<ILoggingEvent> appender;

  private LogFile(Logger root, FileAppender<ILoggingEvent> appender) {
    this.root = root;
    this.appender = appender;
  }

  /** Sends the log to a file until closed. */
  public static LogFile open(Path file) {
    ILoggerFactory factory = LoggerFactory.getILoggerFactory();
    if (!(factory instanceof LoggerContext context)) {
      throw new IllegalStateException("Cannot log to a file: expected logback, got " + factory);
    }
    LogEncoder encoder = new LogEncoder();
    encoder.setContext(context);
    encoder.setPattern("%date{ISO8601} %-5level [%thread] %logger{30}: %message%n");
    encoder.start();
    FileAppender<ILoggingEvent> appender = new FileAppender<>();
    appender.setContext(context);
    appender.setName("invocation");
    appender.setFile(file.toString());
    appender.setEncoder(encoder);
    appender.start();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.addAppender(appender);
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    return new LogFile(root, appender);
  }

  @Override
  public void close() {
    root.detachAppender(appender);
    appender.stop();
  }

  @Override
  public String toString() {
    return appender.getFile();
  }
}
