package simsiam.pipelines.cli.console;

import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.nio.charset.StandardCharsets;
import simsiam.pipelines.redact.Redaction;

/** Log lines in UTF-8, those of libraries and of stack traces too, without secrets. */
final class LogEncoder extends PatternLayoutEncoder {
  @Override
  public byte[] encode(ILoggingEvent event) {
    return Redaction.text(getLayout().doLayout(event)).getBytes(StandardCharsets.UTF_8);
  }
}
