"""Makes SimSiam views with torchvision's v2 transforms on one core, for `simsiam bench loader`.

Needs torch, torchvision and Pillow. Usage: views.py PARAMETERS.json; then a line "BACKEND SECONDS"
on standard input for each measurement, answered by a line of JSON. BACKEND is pil or tensor.
"""

import json
import pathlib
import sys
import time

import numpy
import torch
from PIL import Image
from torchvision import io
from torchvision.transforms import v2

torch.set_num_threads(1)


def transforms(spec, tensors):
    jitter = spec["jitter"]
    steps = [
        v2.RandomResizedCrop(
            spec["crop_size"], scale=spec["crop_scale"], ratio=spec["crop_ratio"], antialias=True
        ),
        v2.RandomHorizontalFlip(spec["flip"]),
        v2.RandomApply(
            [
                v2.ColorJitter(
                    jitter["brightness"], jitter["contrast"], jitter["saturation"], jitter["hue"]
                )
            ],
            p=jitter["p"],
        ),
        v2.RandomGrayscale(spec["grayscale_p"]),
    ]
    if spec["blur"]["p"] > 0:
        kernel = max(3, spec["crop_size"] // 10 | 1)
        blur = v2.GaussianBlur(kernel, sigma=tuple(spec["blur"]["sigma"]))
        steps.append(v2.RandomApply([blur], p=spec["blur"]["p"]))
    if not tensors:
        steps.append(v2.ToImage())
    steps += [
        v2.ToDtype(torch.float32, scale=True),
        v2.Normalize([0.5, 0.5, 0.5], [0.25, 0.25, 0.25]),
    ]
    return v2.Compose(steps)


def loaders(parameters):
    """For each backend a list of functions that give an image."""
    if parameters["jpeg"]:
        files = sorted(pathlib.Path(parameters["images"]).iterdir())
        encoded = [file.read_bytes() for file in files]
        buffers = [torch.frombuffer(bytearray(data), dtype=torch.uint8) for data in encoded]

        def pil(i):
            import io as python_io

            return Image.open(python_io.BytesIO(encoded[i])).convert("RGB")

        def tensor(i):
            return io.decode_jpeg(buffers[i], mode=io.ImageReadMode.RGB)

        return len(files), {"pil": pil, "tensor": tensor}
    side = parameters["side"]
    pixels = numpy.fromfile(parameters["images"], numpy.uint8).reshape(-1, side, side, 3)
    chw = torch.from_numpy(pixels).permute(0, 3, 1, 2).contiguous()
    return len(pixels), {"pil": lambda i: Image.fromarray(pixels[i]), "tensor": lambda i: chw[i]}


def main(path):
    parameters = json.loads(pathlib.Path(path).read_text())
    count, images = loaders(parameters)
    made = {name: transforms(parameters["augment"], name == "tensor") for name in images}
    print("ready", flush=True)
    for line in sys.stdin:
        backend, seconds = line.split()
        image, transform = images[backend], made[backend]
        start = time.process_time()
        views = 0
        while time.process_time() - start < float(seconds):
            for _ in range(8):
                one = image(views // 2 % count)
                transform(one)
                transform(one)
                views += 2
        used = time.process_time() - start
        print(json.dumps({"views": views, "cpu_seconds": used}), flush=True)


main(sys.argv[1])
