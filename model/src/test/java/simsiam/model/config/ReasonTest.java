package simsiam.model.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class ReasonTest {
  @Test
  void saysWhatHappenedWithoutNamesOfClasses() {
    assertThat(Reason.of(new NoSuchFileException("/x"))).isEqualTo("no such file (/x)");
    assertThat(Reason.of(new AccessDeniedException("/x"))).isEqualTo("no permission (/x)");
    assertThat(Reason.of(new FileSystemException("/x", null, "Too many open files")))
        .isEqualTo("Too many open files (/x)");
    assertThat(Reason.of(new UncheckedIOException(new MalformedInputException(1))))
        .isEqualTo("text that is not UTF-8");
    assertThat(Reason.of(new EOFException())).isEqualTo("the end of the file");
    assertThat(Reason.of(new IOException("broken pipe"))).isEqualTo("broken pipe");
    assertThat(Reason.of(new ArrayIndexOutOfBoundsException("Index 5 out of bounds for length 3")))
        .isEqualTo("array index out of bounds: Index 5 out of bounds for length 3");
    assertThat(Reason.of(new NullPointerException("Cannot invoke \"a.B.c()\"")))
        .isEqualTo("null pointer");
    assertThat(Reason.of(new OutOfMemoryError("Java heap space")))
        .isEqualTo("too little memory (Java heap space)");
    assertThat(Reason.of(new RuntimeException(new IOException(new IllegalStateException("x")))))
        .isEqualTo("x");
  }

  @Test
  void textsOfLibrariesLoseTheirClasses() {
    assertThat(
            Reason.of(
                new RuntimeException(
                    "simsiam.model.data.LocalInputFile@7f9f12 is not a Parquet file")))
        .isEqualTo("the file is not a Parquet file");
    assertThat(Reason.of(new IOException("java.lang.IllegalStateException: Cannot read y")))
        .isEqualTo("Cannot read y");
    assertThat(Reason.plain("a\n  java.util.concurrent.TimeoutException")).isEqualTo("a timeout");
    assertThat(
            Reason.plain(
                "Unrecognized token 'no'\n at [Source: REDACTED (`StreamReadFeature.X` disabled);"
                    + " line: 1, column: 4]"))
        .isEqualTo("Unrecognized token 'no' (line: 1, column: 4)");
    assertThat(Reason.plain("no codec org.apache.parquet.hadoop.BrotliCodec here"))
        .isEqualTo("no codec BrotliCodec here");
    assertThat(Reason.plain("/home/org.data/x.Java (me@host)"))
        .isEqualTo("/home/org.data/x.Java (me@host)");
  }
}
