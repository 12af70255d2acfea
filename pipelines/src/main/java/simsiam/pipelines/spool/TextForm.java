package simsiam.pipelines.spool;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** How a text of any length and any characters is written, alone or as a part of a value. */
public final class TextForm implements SpooledList.Form<String> {
  public static final TextForm TEXT = new TextForm();

  /** {@link DataOutput#writeUTF} takes so many of any characters. */
  private static final int PART = 20_000;

  private TextForm() {}

  @Override
  public void write(String text, DataOutput out) throws IOException {
    int rest = Math.max(0, (text.length() - 1) / PART);
    out.writeShort(rest);
    for (int i = 0; i <= rest; i++) {
      out.writeUTF(text.substring(i * PART, Math.min(text.length(), (i + 1) * PART)));
    }
  }

  @Override
  public String read(DataInput in) throws IOException {
    int rest = in.readUnsignedShort();
    if (rest == 0) {
      return in.readUTF();
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i <= rest; i++) {
      text.append(in.readUTF());
    }
    return text.toString();
  }
}
