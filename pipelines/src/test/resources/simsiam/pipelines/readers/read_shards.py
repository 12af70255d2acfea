"""Reads a sharded split with pyarrow, pandas and Hugging Face datasets; prints what each saw."""

import glob
import hashlib
import json
import os
import sys

os.environ["HF_HUB_OFFLINE"] = "1"

import datasets  # noqa: E402
import numpy  # noqa: E402
import pandas  # noqa: E402
import pyarrow.parquet  # noqa: E402


def digest(rows):
    """Of (id, label, RGB pixels) in order."""
    sha = hashlib.sha256()
    for name, label, pixels in rows:
        sha.update(f"{name} {label} ".encode())
        sha.update(pixels)
    return sha.hexdigest()


def pixels(image, height, width):
    """A stored image as RGB bytes."""
    if isinstance(image, bytes):
        return numpy.frombuffer(image, numpy.uint8).reshape(height, width, 3).tobytes()
    return numpy.asarray(image.convert("RGB")).tobytes()


def main(folder, cache):
    files = sorted(glob.glob(os.path.join(folder, "train-*.parquet")))
    footer = pyarrow.parquet.read_schema(files[0]).metadata
    raw = footer[b"image.encoding"] == b"raw"
    features = datasets.Features.from_dict(json.loads(footer[b"huggingface"])["info"]["features"])
    table = pyarrow.parquet.read_table(files)
    frame = pandas.concat(pandas.read_parquet(file) for file in files)
    loaded = datasets.load_dataset(
        "parquet", data_files=files, split="train", features=features, cache_dir=cache
    )
    stored = hashlib.sha256(b"".join(table.column("image").to_pylist())).hexdigest()
    seen = {
        "rows": table.num_rows,
        "columns": {field.name: str(field.type) for field in table.schema},
        "stored": stored,
        "pandas_stored": hashlib.sha256(b"".join(frame["image"])).hexdigest(),
        "pandas_labels": [int(label) for label in frame["label"]],
        "datasets_rows": loaded.num_rows,
        "image_feature": type(loaded.features["image"]).__name__,
        "class_names": getattr(loaded.features["label"], "names", []),
        "datasets_pixels": digest(
            (row["id"], row["label"], pixels(row["image"], row["height"], row["width"]))
            for row in loaded
        ),
        "raw": raw,
    }
    print(json.dumps(seen))


if __name__ == "__main__":
    main(*sys.argv[1:])
