package simsiam.model.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import simsiam.model.checkpoint.Safetensors;
import simsiam.model.file.AtomicFile;
import simsiam.model.net.EncoderSpec;
import simsiam.model.net.Tensor;

/**
 * The encoder of a checkpoint for other programs: without projector, predictor and optimiser, and
 * under the names that torchvision's ResNet gives its parameters and running statistics ({@code
 * layer1.0.conv1.weight}).
 *
 * @param metadata what a user needs to know to feed it: architecture, stem, width, pixels a side of
 *     the images it was trained on, their mean and deviation, and where training stood
 */
public record EncoderExport(SortedMap<String, Tensor> tensors, SortedMap<String, String> metadata) {
  private static final String PREFIX = "backbone.";

  public EncoderExport {
    tensors = Collections.unmodifiableSortedMap(new TreeMap<>(tensors));
    metadata = Collections.unmodifiableSortedMap(new TreeMap<>(metadata));
  }

  public static EncoderExport of(Checkpoint checkpoint) {
    SortedMap<String, Tensor> tensors = new TreeMap<>();
    checkpoint
        .weights()
        .forEach(
            (name, tensor) -> {
              if (name.startsWith(PREFIX)) {
                tensors.put(name.substring(PREFIX.length()), tensor);
              }
            });
    if (tensors.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot export: expected weights named %s..., got none (%s)"
              .formatted(PREFIX, checkpoint.folder()));
    }
    return new EncoderExport(tensors, metadata(checkpoint.state()));
  }

  private static SortedMap<String, String> metadata(TrainingState state) {
    EncoderSpec encoder = state.network().encoder();
    SortedMap<String, String> metadata = new TreeMap<>();
    metadata.put("arch", encoder.arch().name().toLowerCase(Locale.ROOT));
    metadata.put("stem", encoder.stem().name().toLowerCase(Locale.ROOT));
    metadata.put("width", Integer.toString(encoder.width()));
    metadata.put("size", Integer.toString(state.augment().cropSize()));
    metadata.put("feature_dim", Integer.toString(encoder.featureDim()));
    metadata.put("mean", state.augment().mean().toString());
    metadata.put("std", state.augment().std().toString());
    metadata.put("epoch", Integer.toString(state.epoch()));
    metadata.put("step", Long.toString(state.step()));
    return metadata;
  }

  /** Architecture, stem and width in words. */
  public String describe() {
    return "%s with the %s stem, width %s"
        .formatted(metadata.get("arch"), metadata.get("stem"), metadata.get("width"));
  }

  /** Writes a safetensors file, whole or not at all. */
  public void write(Path file) throws IOException {
    Path aside = AtomicFile.temporary(file.toAbsolutePath());
    SortedMap<String, String> header = new TreeMap<>(metadata);
    header.put("format", "pt"); // as PyTorch's own writer
    try {
      new Safetensors(tensors, header).write(aside);
      AtomicFile.commit(aside, file.toAbsolutePath());
    } finally {
      AtomicFile.discard(aside);
    }
  }
}
