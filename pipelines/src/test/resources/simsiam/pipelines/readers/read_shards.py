"""Reads a folder of shards with pyarrow, pandas and Hugging Face datasets; prints what each saw."""

import glob
import hashlib
import io
import json
import os
import sys

os.environ["HF_HUB_OFFLINE"] = "1"

import datasets  # noqa: E402
import numpy  # noqa: E402
import pandas  # noqa: E402
import PIL.Image  # noqa: E402
import pyarrow.parquet  # noqa: E402


def digest(rows):
    """Of (id, label, RGB pixels) in order."""
    sha = hashlib.sha256()
    for row in rows:
        sha.update(f"{row['id']} {row['label']} ".encode())
        sha.update(pixels(row["image"], row["height"], row["width"]))
    return sha.hexdigest()


def pixels(image, height, width):
    """RGB bytes of an image, decoded or as stored."""
    if isinstance(image, dict):
        assert image["path"] is None
        image = PIL.Image.open(io.BytesIO(image["bytes"]))
    assert (image.mode, image.size) == ("RGB", (width, height))
    return numpy.asarray(image).tobytes()


def main(folder, cache):
    files = sorted(glob.glob(os.path.join(folder, "train-*.parquet")))
    table = pyarrow.parquet.read_table(files)
    frame = pandas.concat(pandas.read_parquet(file) for file in files)
    splits = datasets.load_dataset(folder, cache_dir=cache)
    assert list(splits) == ["train"], splits
    loaded = splits["train"]
    streamed = datasets.load_dataset(folder, split="train", streaming=True)
    label = loaded.features["label"]
    seen = {
        "rows": table.num_rows,
        "columns": {field.name: str(field.type) for field in table.schema},
        "pyarrow_pixels": digest(table.to_pylist()),
        "pandas_pixels": digest(row for _, row in frame.iterrows()),
        "pandas_labels": [int(label) for label in frame["label"]],
        "datasets_rows": loaded.num_rows,
        "features": {name: type(feature).__name__ for name, feature in loaded.features.items()},
        "class_names": getattr(label, "names", []),
        "first_names": [label.int2str(value) for value in loaded["label"][1:4]]
        if isinstance(label, datasets.ClassLabel)
        else [],
        "datasets_pixels": digest(loaded),
        "streamed_pixels": digest(streamed),
    }
    print(json.dumps(seen))


if __name__ == "__main__":
    main(*sys.argv[1:])
