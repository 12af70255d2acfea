"""Makes the reference values of the augmentation tests with torchvision on PIL images.

    pip install pillow==12.3.0 torch torchvision && python generate.py

cases.txt   one operation a line: name, input, output, arguments. Files in images/.
hues.txt    shift, SHA-256 over the RGB bytes of all 2^24 colours after the shift.
crops.txt   boxes RandomResizedCrop draws from the random numbers of ViewRandom.
crop-statistics.txt  mean and deviation of what RandomResizedCrop draws on its own.
views.txt   whole views, drawn from ViewRandom in the order of ViewMaker.
"""

import hashlib
import math
import pathlib
import statistics

import numpy as np
import torch
from PIL import Image
from torchvision import transforms
from torchvision.transforms import InterpolationMode
from torchvision.transforms import functional as F

HERE = pathlib.Path(__file__).parent
IMAGES = HERE / "images"
MASK = 2**64 - 1
STEP = 0x9E3779B97F4A7C15


class ViewRandom:
    """The Java class of this name, written a second time from its description."""

    def __init__(self, seed, epoch, name, view):
        value = 0xCBF29CE484222325
        for unit in name.encode("utf-16-be")[1::2]:  # ASCII names
            value = ((value ^ unit) * 0x100000001B3) & MASK
        value = self.mix(value + STEP)
        value = self.mix(value ^ (seed * STEP))
        value = self.mix(value + epoch)
        self.counter = self.mix(value + (view << 32))

    @staticmethod
    def mix(value):
        value &= MASK
        value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & MASK
        return value ^ (value >> 31)

    def next_long(self):
        self.counter = (self.counter + STEP) & MASK
        return self.mix(self.counter)

    def uniform(self, low, high):
        return low + (high - low) * ((self.next_long() >> 11) * 2.0**-53)

    def integer(self, bound):
        return ((self.next_long() >> 32) * bound) >> 32


class FedTorch:
    """Stands in for torch inside get_params, its random numbers taken from a ViewRandom."""

    def __init__(self, random):
        self.random = random

    def __getattr__(self, name):
        return getattr(torch, name)

    def empty(self, _):
        return self

    def uniform_(self, low, high):
        return torch.tensor(self.random.uniform(float(low), float(high)), dtype=torch.float64)

    def log(self, values):
        return torch.log(values.double())

    def tensor(self, values):
        return torch.tensor(values, dtype=torch.float64)

    def randint(self, low, high, size):
        return torch.tensor(low + self.random.integer(high - low))


def draw_crop(random, height, width, scale, ratio):
    from torchvision.transforms import transforms as module

    real = module.torch
    module.torch = FedTorch(random)
    try:
        image = Image.new("RGB", (width, height))
        return transforms.RandomResizedCrop.get_params(image, list(scale), list(ratio))
    finally:
        module.torch = real


def scene(height, width, seed):
    """Smooth colours, edges and noise, with grey, black, white and saturated areas."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    red = 128 + 127 * np.sin(x / 4.0 + seed)
    green = 128 + 127 * np.cos(y / 5.0)
    blue = 255 * (x + y) / (height + width)
    image = np.stack([red, green, blue], axis=2) + rng.normal(0, 12, (height, width, 3))
    image[: height // 4, : width // 4] = 255
    image[: height // 4, width // 4 : width // 2] = 0
    image[height // 2 : height // 2 + 3] = rng.integers(0, 256, (3, width, 1))
    return Image.fromarray(np.clip(np.rint(image), 0, 255).astype(np.uint8))


def resized_crop(image, top, left, height, width, out_height, out_width):
    size = [out_height, out_width]
    return F.resized_crop(image, top, left, height, width, size, InterpolationMode.BILINEAR)


def evaluate(image, size):
    image = F.resize(image, math.floor(size * 256 / 224 + 0.5), InterpolationMode.BILINEAR)
    return F.center_crop(image, [size, size])


def blur(image, size, sigma):
    return F.gaussian_blur(image, [size, size], [sigma, sigma])


OPERATIONS = {
    "brightness": (F.adjust_brightness, "square", [0.0, 0.6, 0.7, 1.0, 1.4, 2.5]),
    "contrast": (F.adjust_contrast, "square", [0.0, 0.6, 0.83, 1.0, 1.4, 2.5]),
    "saturation": (F.adjust_saturation, "square", [0.0, 0.6, 0.77, 1.0, 1.4, 2.5]),
    "hue": (F.adjust_hue, "square", [-0.5, -0.1, 0.0, 0.07, 0.5]),
    "greyscale": (lambda image: F.rgb_to_grayscale(image, 3), "square", [()]),
    "flip": (F.hflip, "square", [()]),
    "crop": (
        resized_crop,
        "wide",
        [
            (0, 0, 28, 40, 28, 40),
            (0, 0, 28, 40, 32, 32),
            (3, 5, 20, 17, 32, 32),
            (3, 5, 20, 17, 20, 32),
            (3, 5, 20, 17, 32, 17),
            (7, 2, 1, 1, 8, 8),
            (7, 2, 1, 9, 8, 8),
            (7, 2, 2, 3, 8, 8),
            (0, 0, 28, 40, 8, 8),
            (1, 1, 27, 39, 5, 3),
            (1, 1, 27, 39, 1, 1),
            (4, 9, 13, 31, 12, 30),
        ],
    ),
    "evaluate": (evaluate, "wide", [8, 16, 24, 28, 32]),
}
BLURS = [("square", 3, 0.1), ("square", 3, 0.5), ("square", 3, 1.7)]
BLURS += [("large", 7, 0.3), ("large", 7, 1.0), ("large", 7, 2.0)]


def cases():
    inputs = {"square": scene(32, 32, 1), "wide": scene(28, 40, 2), "large": scene(64, 64, 3)}
    for name, image in inputs.items():
        image.save(IMAGES / f"{name}.png")
    lines = []

    def case(operation, name, function, arguments):
        output = f"{operation}-{len(lines):02d}.png"
        function(inputs[name], *arguments).save(IMAGES / output)
        lines.append(" ".join([operation, name + ".png", output, *map(str, arguments)]))

    for operation, (function, name, all_arguments) in OPERATIONS.items():
        for arguments in all_arguments:
            arguments = arguments if isinstance(arguments, tuple) else (arguments,)
            case(operation, name, function, arguments)
    for name, size, sigma in BLURS:
        case("blur", name, blur, (size, sigma))
    (HERE / "cases.txt").write_text("\n".join(lines) + "\n")


def hues():
    codes = np.arange(2**24, dtype=np.uint32)
    colours = np.stack([codes >> 16, (codes >> 8) & 255, codes & 255], axis=1).astype(np.uint8)
    image = Image.fromarray(colours.reshape(4096, 4096, 3))
    lines = []
    for turns in (0.0, 0.07, -0.1, 0.37):
        shifted = np.asarray(F.adjust_hue(image, turns))
        lines.append(f"{turns} {hashlib.sha256(shifted.tobytes()).hexdigest()}")
    (HERE / "hues.txt").write_text("\n".join(lines) + "\n")


SHAPES = [
    (32, 32, (0.2, 1.0), (3 / 4, 4 / 3)),
    (64, 48, (0.08, 1.0), (3 / 4, 4 / 3)),
    (20, 200, (0.5, 1.0), (3 / 4, 4 / 3)),
    (200, 20, (0.9, 1.0), (0.5, 2.0)),
]


def crops():
    lines = []
    for height, width, scale, ratio in SHAPES:
        for key in range(12 if height < 4 * width and width < 4 * height else 2):
            box = draw_crop(ViewRandom(7, key, "crop", 0), height, width, scale, ratio)
            numbers = [height, width, *scale, *ratio, key, *box]
            lines.append(" ".join(map(str, numbers)))
    (HERE / "crops.txt").write_text("\n".join(lines) + "\n")


def crop_statistics(draws=200_000):
    torch.manual_seed(0)
    lines = []
    for height, width, scale, ratio in SHAPES[:2]:
        image = Image.new("RGB", (width, height))
        get_params = transforms.RandomResizedCrop.get_params
        boxes = [get_params(image, list(scale), list(ratio)) for _ in range(draws)]
        numbers = [height, width, *scale, *ratio, draws]
        for values in zip(*boxes):
            numbers += [f"{statistics.mean(values):.6f}", f"{statistics.pstdev(values):.6f}"]
        lines.append(" ".join(map(str, numbers)))
    (HERE / "crop-statistics.txt").write_text("\n".join(lines) + "\n")


def view(image, random, size):
    box = draw_crop(random, image.height, image.width, (0.2, 1.0), (3 / 4, 4 / 3))
    out = F.resized_crop(image, *box, [size, size], InterpolationMode.BILINEAR)
    if random.uniform(0, 1) < 0.5:
        out = F.hflip(out)
    if random.uniform(0, 1) < 0.8:
        order = [0, 1, 2, 3]
        for k in (3, 2, 1):
            j = random.integer(k + 1)
            order[k], order[j] = order[j], order[k]
        factors = [random.uniform(0.6, 1.4) for _ in range(3)] + [random.uniform(-0.1, 0.1)]
        functions = [F.adjust_brightness, F.adjust_contrast, F.adjust_saturation, F.adjust_hue]
        for k in order:
            out = functions[k](out, factors[k])
    if random.uniform(0, 1) < 0.2:
        out = F.rgb_to_grayscale(out, 3)
    return out


def views():
    lines = []
    for name, epoch, number in [(n, e, v) for n in ("square", "wide") for e in range(4) for v in (0, 1)]:
        output = f"view-{name}-{epoch}-{number}.png"
        image = Image.open(IMAGES / f"{name}.png").convert("RGB")
        view(image, ViewRandom(42, epoch, name, number), 32).save(IMAGES / output)
        lines.append(f"{name} {epoch} {number} {output}")
    (HERE / "views.txt").write_text("\n".join(lines) + "\n")


def main():
    IMAGES.mkdir(exist_ok=True)
    for old in IMAGES.iterdir():
        old.unlink()
    cases()
    hues()
    crops()
    crop_statistics()
    views()


if __name__ == "__main__":
    main()
