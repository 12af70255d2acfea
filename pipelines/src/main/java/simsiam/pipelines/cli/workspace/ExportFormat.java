package simsiam.pipelines.cli.workspace;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import simsiam.model.engine.dl4j.Dl4jEncoder;
import simsiam.model.net.Method;
import simsiam.model.net.Network;
import simsiam.model.train.Checkpoint;
import simsiam.model.train.EncoderExport;
import simsiam.pipelines.cli.console.UsageException;

/** The files in which an encoder leaves the program. */
enum ExportFormat {
  /** Weights under torchvision's names. */
  SAFETENSORS("encoder.safetensors") {
    @Override
    void write(Checkpoint checkpoint, EncoderExport export, Path file) throws IOException {
      export.write(file);
    }
  },
  /** A model file of DL4J, of its own layers. */
  DL4J("encoder.zip") {
    @Override
    void write(Checkpoint checkpoint, EncoderExport export, Path file) throws IOException {
      Network encoder = Method.of(checkpoint.state().network()).encoder();
      Dl4jEncoder.write(encoder, checkpoint.weights(), export.metadata(), file);
    }
  };

  private final String defaultFile;

  ExportFormat(String defaultFile) {
    this.defaultFile = defaultFile;
  }

  /** Where the encoder goes if the user does not say. */
  Path defaultFile() {
    return Path.of(defaultFile);
  }

  abstract void write(Checkpoint checkpoint, EncoderExport export, Path file) throws IOException;

  /** The format of that name. */
  static ExportFormat of(String name) {
    for (ExportFormat format : values()) {
      if (format.name().toLowerCase(Locale.ROOT).equals(name)) {
        return format;
      }
    }
    throw new UsageException("Cannot export: expected --format safetensors or dl4j, got " + name);
  }
}
