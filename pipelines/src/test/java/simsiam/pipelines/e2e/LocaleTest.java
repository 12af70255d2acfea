package simsiam.pipelines.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same files whatever language, digits and encoding the machine is set to. */
class LocaleTest {
  @TempDir private Path folder;

  private SortedMap<String, String> files(TinyStudy study, String workspace, String... options)
      throws Exception {
    String[] short_ = {"train.epochs=1", "dataset.limit=48", "linear.epochs=1"};
    List<String> command =
        SimsiamProcess.command(List.of(options), study.arguments("run", workspace, short_));
    try (SimsiamProcess run = SimsiamProcess.start(folder, command)) {
      assertThat(run.exitCode()).as(run.output()).isZero();
    }
    return study.digests(workspace);
  }

  @Test
  void digitsAndLettersOfALanguageStayOutOfFiles() throws Exception {
    TinyStudy study = TinyStudy.in(folder);
    SortedMap<String, String> english = files(study, "en", "-Duser.language=en");

    assertThat(english.keySet()).anyMatch(file -> file.contains("/step-00000003/"));
    assertThat(
            files(
                study,
                "ar",
                "-Duser.language=ar",
                "-Duser.country=EG",
                "-Duser.extensions=u-nu-arab"))
        .isEqualTo(english);
    assertThat(files(study, "fa", "-Duser.language=fa", "-Duser.country=IR")).isEqualTo(english);
    assertThat(files(study, "tr", "-Duser.language=tr", "-Duser.country=TR")).isEqualTo(english);
  }

  /** As the launcher sets it where there is no locale. */
  @Test
  void aClassOfAnotherAlphabetIsReadInAnEncodingThatHasIt() throws Exception {
    String make =
        "for c in $'\\xc3\\x84pfel' $'\\xe7\\x8c\\xab'; do mkdir -p images/$c;"
            + " cp \"$0\" images/$c/1.png; done";
    Path png = folder.resolve("any.png");
    Files.write(png, new byte[] {1});
    assertThat(
            new ProcessBuilder("/bin/bash", "-c", make, png.toString())
                .directory(folder.toFile())
                .start()
                .waitFor())
        .isZero();
    Path quickstart = Path.of("..", "conf", "quickstart.yaml").toAbsolutePath().normalize();
    List<String> command =
        SimsiamProcess.command(
            List.of(),
            "plan",
            quickstart.toString(),
            "workspace=" + folder.resolve("runs"),
            "dataset.source=image_folder",
            "dataset.path=" + folder.resolve("images"),
            "--to",
            "preprocess");
    List<String> bare =
        Stream.concat(Stream.of("/usr/bin/env", "-u", "LC_ALL", "-u", "LANG"), command.stream())
            .toList();

    try (SimsiamProcess utf8 = SimsiamProcess.start(folder, Map.of("LC_CTYPE", "C.UTF-8"), bare)) {
      assertThat(utf8.exitCode()).as(utf8.output()).isZero();
    }
  }
}
