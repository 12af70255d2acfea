package simsiam.pipelines.cli.call;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import simsiam.pipelines.stage.Runner;

/** Reads a runner's name. */
public final class RunnerName implements ITypeConverter<Runner> {
  @Override
  public Runner convert(String name) {
    try {
      return Runner.named(name);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
