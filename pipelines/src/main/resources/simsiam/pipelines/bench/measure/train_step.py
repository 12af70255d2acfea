"""Takes SimSiam's optimiser steps with PyTorch on the CPU, for `simsiam bench train-step`.

Needs torch. Usage: train_step.py PARAMETERS.json; then a line "step" on standard input for each
step, answered by a line of JSON with its loss and this process's peak memory.
"""

import json
import pathlib
import resource
import struct
import sys

import torch
import torch.nn.functional as F
from torch import nn

BLOCKS = {
    "resnet10": [1, 1, 1, 1],
    "resnet18": [2, 2, 2, 2],
    "resnet34": [3, 4, 6, 3],
    "resnet50": [3, 4, 6, 3],
}


class Block(nn.Module):
    """A residual block with torchvision's names: basic, or a bottleneck."""

    def __init__(self, planes, width, stride, bottleneck):
        super().__init__()
        out = 4 * width if bottleneck else width
        shapes = [(planes, width, 1, 1), (width, width, 3, stride), (width, out, 1, 1)]
        if not bottleneck:
            shapes = [(planes, width, 3, stride), (width, width, 3, 1)]
        self.count = len(shapes)
        for i, (a, b, kernel, step) in enumerate(shapes, 1):
            self.add_module(f"conv{i}", nn.Conv2d(a, b, kernel, step, kernel // 2, bias=False))
            self.add_module(f"bn{i}", nn.BatchNorm2d(b))
        self.downsample = None
        if stride != 1 or planes != out:
            convolution = nn.Conv2d(planes, out, 1, stride, bias=False)
            self.downsample = nn.Sequential(convolution, nn.BatchNorm2d(out))

    def forward(self, x):
        y = x
        for i in range(1, self.count + 1):
            y = getattr(self, f"bn{i}")(getattr(self, f"conv{i}")(y))
            if i < self.count:
                y = F.relu(y, inplace=True)
        return F.relu(y + (x if self.downsample is None else self.downsample(x)), inplace=True)


class ResNet(nn.Module):
    def __init__(self, arch, stem, width):
        super().__init__()
        large = stem == "imagenet"
        self.conv1 = nn.Conv2d(3, width, 7 if large else 3, 2 if large else 1, 3 if large else 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.maxpool = nn.MaxPool2d(3, 2, 1) if large else nn.Identity()
        planes, bottleneck = width, arch == "resnet50"
        for stage, blocks in enumerate(BLOCKS[arch]):
            layer = nn.Sequential()
            for i in range(blocks):
                layer.append(Block(planes, width << stage, 2 if stage and not i else 1, bottleneck))
                planes = (width << stage) * (4 if bottleneck else 1)
            self.add_module(f"layer{stage + 1}", layer)

    def forward(self, x):
        x = self.maxpool(F.relu(self.bn1(self.conv1(x)), inplace=True))
        return self.layer4(self.layer3(self.layer2(self.layer1(x)))).mean((2, 3))


def head(*layers):
    """Linear layers as (in, out, batch norm, ReLU), three slots each as in a checkpoint's names."""
    slots = nn.Sequential()
    for a, b, norm, relu in layers:
        slots.append(nn.Linear(a, b, bias=not norm))
        slots.append(nn.BatchNorm1d(b) if norm else nn.Identity())
        slots.append(nn.ReLU(inplace=True) if relu else nn.Identity())
    return slots


class SimSiam(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.backbone = ResNet(p["arch"], p["stem"], p["width"])
        dim, hidden, layers = p["dim"], p["hidden"], p["layers"]
        inputs = [p["features"]] + [dim] * (layers - 1)
        self.projector = head(*((a, dim, True, i < layers - 1) for i, a in enumerate(inputs)))
        self.predictor = head((dim, hidden, True, True), (hidden, dim, False, False))

    def forward(self, x1, x2):
        z1, z2 = (self.projector(self.backbone(x)) for x in (x1, x2))
        p1, p2 = self.predictor(z1), self.predictor(z2)
        loss = F.cosine_similarity(p1, z2.detach()).mean() + F.cosine_similarity(p2, z1.detach()).mean()
        return -loss / 2


def read_safetensors(path):
    data = pathlib.Path(path).read_bytes()
    (length,) = struct.unpack_from("<Q", data)
    tensors = json.loads(data[8 : 8 + length])
    tensors.pop("__metadata__", None)
    body = memoryview(bytearray(data[8 + length :]))
    return {
        name: torch.frombuffer(body[slice(*t["data_offsets"])], dtype=torch.float32).reshape(t["shape"])
        for name, t in tensors.items()
    }


def main(path):
    p = json.loads(pathlib.Path(path).read_text())
    torch.set_num_threads(p["threads"])
    network = SimSiam(p).to(memory_format=torch.channels_last)
    weights = read_safetensors(p["weights"])
    missing, unexpected = network.load_state_dict(weights, strict=False)
    missing = [name for name in missing if not name.endswith("num_batches_tracked")]
    if missing or unexpected:
        sys.exit(f"expected the weights of this network, lacking {missing}, not known {unexpected}")
    optimizer = torch.optim.SGD(network.parameters(), p["rate"], p["momentum"], weight_decay=p["decay"])
    nhwc = torch.frombuffer(bytearray(pathlib.Path(p["views"]).read_bytes()), dtype=torch.float32)
    views = nhwc.reshape(2, p["batch"], p["size"], p["size"], 3).permute(0, 1, 4, 2, 3)
    # Compiled in the first step; parameters stay those of the network.
    forward = torch.compile(network) if p["compiled"] else network
    print("ready", flush=True)
    for _ in sys.stdin:
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=p["bf16"]):
            loss = forward(views[0], views[1])
        loss.backward()
        optimizer.step()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        print(json.dumps({"loss": loss.item(), "peak": peak, "version": torch.__version__}), flush=True)


main(sys.argv[1])
