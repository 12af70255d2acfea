"""Checks an exported encoder against PyTorch: the same images through torchvision's ResNet.

    ./simsiam run CONFIG
    ./simsiam export runs/latest --output encoder.safetensors
    python3 -m venv venv && venv/bin/pip install torch==2.10.0 torchvision==0.25.0 \
        safetensors==0.8.0 pyarrow==26.0.1 pillow==12.3.0
    venv/bin/python eval/src/check/torchvision_check.py encoder.safetensors --run runs/latest

Loads the file into torchvision's own ResNet (strict; without fc, and for the cifar stem with a 3x3
convolution of stride 1 and no max-pooling), encodes images of the run's shards and compares with what
the run's features stage wrote. Pillow 13 resizes tall images in another order than the product, which
rounds otherwise: hence 12.3.0. Exit codes: 0 features agree, 1 they do not, 2 it cannot be checked.
"""
import argparse
import io
import json
import sys
from pathlib import Path

try:
    import numpy as np
    import pyarrow.parquet as pq
    from PIL import Image, ImageOps
except ImportError as e:
    print(f"error: {e}; install what the head of this file names", file=sys.stderr)
    sys.exit(2)

BLOCKS = {
    "resnet10": ("BasicBlock", [1, 1, 1, 1]),
    "resnet18": ("BasicBlock", [2, 2, 2, 2]),
    "resnet34": ("BasicBlock", [3, 4, 6, 3]),
    "resnet50": ("Bottleneck", [3, 4, 6, 3]),
}
WIDTH = 64  # of torchvision's layer1; it offers no other for basic blocks
MARGIN = 256 / 224  # shorter side before the centre crop, as is the custom for ImageNet


class CannotCheck(Exception):
    pass


def require(condition, message):
    if not condition:
        raise CannotCheck(message)


def load_encoder(path):
    """The network in eval mode, and the file's metadata."""
    from safetensors import SafetensorError, safe_open
    from torch import nn
    from torchvision.models import resnet

    require(path.is_file(), f"expected a file, got none ({path})")
    try:
        with safe_open(path, framework="pt") as file:
            about = file.metadata() or {}
            state = {name: file.get_tensor(name) for name in file.keys()}
    except SafetensorError as e:
        raise CannotCheck(f"expected a safetensors file, got {e} ({path})") from e
    missing = {"arch", "stem", "width", "size", "mean", "std"} - about.keys()
    require(not missing, f"expected an encoder of `simsiam export`, got no {sorted(missing)} ({path})")
    arch, stem, width = about["arch"], about["stem"], int(about["width"])
    require(arch in BLOCKS, f"expected one of {', '.join(BLOCKS)}, got {arch}: torchvision cannot build it")
    require(width == WIDTH, f"expected width {WIDTH}, the only one that torchvision builds, got {width}")
    block, layers = BLOCKS[arch]
    network = resnet.ResNet(getattr(resnet, block), layers)
    network.fc = nn.Identity()
    if stem == "cifar":
        network.conv1 = nn.Conv2d(3, WIDTH, kernel_size=3, stride=1, padding=1, bias=False)
        network.maxpool = nn.Identity()
    try:
        network.load_state_dict(state, strict=True)
    except RuntimeError as e:
        raise CannotCheck(f"torchvision does not take the weights: {e} ({path})") from e
    return network.eval(), about


def stage_output(run, stage):
    """The folder where a stage of the run has its output, from the run's plan."""
    plan = run / "plan.json"
    require(plan.is_file(), f"expected the folder of a run, got no plan.json in {run}")
    for row in json.loads(plan.read_text()):
        if row["stage"] == stage:
            folder = Path(row["output"])
            require(folder.is_dir(), f"expected the output of stage {stage}, got none ({folder})")
            return folder
    raise CannotCheck(f"expected a run with stage {stage}, got none ({plan})")


def read_features(path, limit):
    require(path.is_file(), f"expected features, got none ({path})")
    table = pq.ParquetFile(path).read().slice(0, limit)
    rows = table["feature"].to_pylist()
    # Lists of floats; of earlier releases their bytes.
    features = [np.frombuffer(r, "<f4") if isinstance(r, bytes) else np.float32(r) for r in rows]
    return table["id"].to_pylist(), np.stack(features)


def read_images(shards, split, ids):
    """Images of these ids as RGB uint8 arrays [H, W, 3]."""
    manifest = json.loads((shards / "manifest.json").read_text())
    require(split in manifest["splits"], f"expected one of {sorted(manifest['splits'])}, got {split}")
    wanted, images = set(ids), {}
    for shard in manifest["splits"][split]["shards"]:
        file = pq.ParquetFile(shards / shard["file"])
        for batch in file.iter_batches(batch_size=256, columns=["id", "image"]):
            for row in batch.to_pylist():
                if row["id"] in wanted:
                    images[row["id"]] = decode(row["image"]["bytes"])
        if len(images) == len(wanted):
            break
    require(len(images) == len(wanted), f"expected {len(wanted)} images in {shards}, got {len(images)}")
    return [images[i] for i in ids], manifest["image_encoding"]


def decode(file):
    """RGB of an image file, upright and over white, as the product decodes it."""
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(file)))
    if image.mode.startswith("I;16"):
        image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    if image.mode in ("LA", "PA", "RGBA") or "transparency" in image.info:
        rgba = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba)
    return np.asarray(image.convert("RGB"))


def to_size(image, size):
    """S x S pixels as the features stage makes them: as they are, or resized and cut."""
    height, width = image.shape[:2]
    if (height, width) == (size, size):
        return image
    shorter = round(size * MARGIN)
    longer = shorter * max(height, width) // min(height, width)
    box = (shorter, longer) if width <= height else (longer, shorter)
    resized = np.asarray(Image.fromarray(image).resize(box, Image.BILINEAR))
    top, left = round((resized.shape[0] - size) / 2), round((resized.shape[1] - size) / 2)
    return resized[top : top + size, left : left + size]


def encode(network, images, about, batch=64):
    import torch

    mean, std = (np.array(json.loads(about[key])) for key in ("mean", "std"))
    parts = []
    for start in range(0, len(images), batch):
        pixels = (np.stack(images[start : start + batch]) / 255.0 - mean) / std
        nchw = torch.from_numpy(pixels.astype(np.float32)).permute(0, 3, 1, 2).contiguous()
        with torch.inference_mode():
            parts.append(network(nchw).numpy())
    return np.concatenate(parts)


def check(options):
    require(options.images > 0, f"expected 1 image or more, got --images {options.images}")
    network, about = load_encoder(options.encoder)
    features = stage_output(options.run, "features") / f"features-{options.split}.parquet"
    ids, ours = read_features(features, options.images)
    images, encoding = read_images(stage_output(options.run, "shard"), options.split, ids)
    size = int(about["size"])
    theirs = encode(network, [to_size(image, size) for image in images], about)
    require(ours.shape == theirs.shape, f"expected features {theirs.shape}, got {ours.shape}: another network?")
    difference = np.abs(ours - theirs)
    relative = difference / np.maximum(1, np.abs(theirs))
    print(f"{about['arch']}, {about['stem']} stem, step {about.get('step')}: strict load into torchvision's ResNet")
    print(f"{len(ids)} {encoding} images of {size} pixels, {ours.shape[1]} features each,"
          f" mean {theirs.mean():.4f}, largest {np.abs(theirs).max():.4f}, spread over images {theirs.std(0).mean():.4f}")
    print(f"largest difference {difference.max():.2e}, relative to max(1, |feature|) {relative.max():.2e},"
          f" mean {difference.mean():.2e}")
    if relative.max() <= options.tolerance:
        print(f"agree within {options.tolerance:g}")
        return 0
    print(f"DIFFER by more than {options.tolerance:g}")
    return 1


def main():
    parser = argparse.ArgumentParser(
        description="Compare an exported encoder in torchvision's ResNet with the features of its run.")
    parser.add_argument("encoder", type=Path, help="file of `simsiam export --format safetensors`")
    parser.add_argument("--run", type=Path, default=Path("runs/latest"), help="folder of the run (default: %(default)s)")
    parser.add_argument("--split", default="test", help="split to take images from (default: %(default)s)")
    parser.add_argument("--images", type=int, default=256, help="how many (default: %(default)s)")
    parser.add_argument("--tolerance", type=float, default=1e-4, help="largest difference allowed (default: %(default)s)")
    try:
        return check(parser.parse_args())
    except ImportError as e:
        print(f"error: {e}; install what the head of this file names", file=sys.stderr)
        return 2
    except (CannotCheck, OSError) as e:
        print(f"error: Cannot check: {e}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
