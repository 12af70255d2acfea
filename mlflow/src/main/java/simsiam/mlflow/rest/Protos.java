package simsiam.mlflow.rest;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.mlflow_project.google.protobuf.InvalidProtocolBufferException;
import org.mlflow_project.google.protobuf.Message;
import org.mlflow_project.google.protobuf.MessageOrBuilder;
import org.mlflow_project.google.protobuf.util.JsonFormat;

/** The MLflow client's messages as the JSON of its REST API. */
public final class Protos {
  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer().preservingProtoFieldNames().omittingInsignificantWhitespace();
  private static final JsonFormat.Parser PARSER = JsonFormat.parser().ignoringUnknownFields();

  private Protos() {}

  /** JSON with the field names of the REST API; NaN and infinities as strings. */
  public static String print(MessageOrBuilder message) {
    try {
      return PRINTER.print(message);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** Fills a builder from an answer; fields that newer servers added are passed over. */
  public static <B extends Message.Builder> B parse(JsonNode json, B builder) throws IOException {
    PARSER.merge(json.toString(), builder);
    return builder;
  }
}
