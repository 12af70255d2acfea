package simsiam.model.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.data.table.PageCodec;
import simsiam.model.data.table.WriteSettings;

/** Shards of images that may show several classes, as Parquet's own record reader has them. */
class SeveralClassesShardTest {
  private static final List<String> NAMES = List.of("cat", "dog", "fox");
  private static final LabelSpace SPACE =
      LabelSpace.of(
          NAMES,
          List.of(
              new LabelSet(List.of(), List.of()),
              new LabelSet(List.of(0, 2), List.of(1)),
              new LabelSet(List.of(1), List.of())));

  @TempDir private Path folder;

  private Path shard() {
    Path file = folder.resolve("train-00000-of-00001.parquet");
    ShardFooter footer =
        new ShardFooter(ImageEncoding.RAW, "train", NAMES, 0, 1, "salt", "f00d", true);
    try (ShardWriter writer =
        new ShardWriter(file, footer, SPACE.sets(), new WriteSettings(1 << 20, PageCodec.NONE))) {
      for (int label = -1; label < 3; label++) {
        writer.write(new ImageExample("image" + label, label, 1, 1, new byte[] {1, 2, 3}));
      }
      writer.commit();
    }
    return file;
  }

  private static List<Group> rows(Path file) throws Exception {
    List<Group> rows = new ArrayList<>();
    try (ParquetFileReader reader =
        ParquetFileReader.open(
            new LocalInputFile(file),
            org.apache.parquet.ParquetReadOptions.builder(new PlainParquetConfiguration())
                .build())) {
      MessageType schema = reader.getFooter().getFileMetaData().getSchema();
      var pages = reader.readNextRowGroup();
      RecordReader<Group> records =
          new ColumnIOFactory()
              .getColumnIO(schema)
              .getRecordReader(pages, new GroupRecordConverter(schema));
      for (long i = 0; i < pages.getRowCount(); i++) {
        rows.add(records.read());
      }
    }
    return rows;
  }

  private static List<Long> classes(Group row, String column) {
    List<Long> found = new ArrayList<>();
    Group list = row.getGroup(column, 0);
    for (int i = 0; i < list.getFieldRepetitionCount(0); i++) {
      found.add(list.getGroup(0, i).getLong(0, 0));
    }
    return found;
  }

  @Test
  void othersReadTheClassesOfEachImageAndNullWhereTheyAreUnknown() throws Exception {
    List<Group> rows = rows(shard());
    assertThat(rows.get(0).getFieldRepetitionCount("labels")).as("unknown").isZero();
    assertThat(rows.get(0).getFieldRepetitionCount("ignored_labels")).isZero();
    assertThat(classes(rows.get(1), "labels")).as("none").isEmpty();
    assertThat(classes(rows.get(2), "labels")).containsExactly(0L, 2L);
    assertThat(classes(rows.get(2), "ignored_labels")).containsExactly(1L);
    assertThat(classes(rows.get(3), "labels")).containsExactly(1L);
  }

  @Test
  void thisProgramReadsTheNumberOfTheLabelSet() {
    try (ShardReader reader = new ShardReader(shard())) {
      assertThat(reader.footer().multiLabel()).isTrue();
      assertThat(reader.footer().asMap().get("huggingface"))
          .contains("\"labels\":{\"_type\":\"Sequence\",\"feature\":{\"_type\":\"ClassLabel\"")
          .contains("\"label\":{\"_type\":\"Value\",\"dtype\":\"int64\"}");
      List<Integer> labels = new ArrayList<>();
      reader.forEach(example -> labels.add(example.label()));
      assertThat(labels).containsExactly(-1, 0, 1, 2);
    }
  }
}
