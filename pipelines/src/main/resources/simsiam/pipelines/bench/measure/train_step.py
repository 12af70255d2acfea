"""Takes SimSiam's optimiser steps with PyTorch, for `simsiam bench train-step` and `bench gpu`.

Needs torch and numpy. Usage: train_step.py PARAMETERS.json; then a line of JSON on standard input
for each order ("do": steps, train or encode), answered by one with the last loss and the peak
memory of this process, or of the CUDA device where that is what it runs on.
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


def read_pixels(path, p, views):
    """From [V*N, S, S, 3] to V tensors [N, 3, S, S], channels-last, on the device."""
    nhwc = torch.frombuffer(bytearray(pathlib.Path(path).read_bytes()), dtype=torch.float32)
    images = nhwc.reshape(views, -1, p["size"], p["size"], 3).permute(0, 1, 4, 2, 3)
    return [view.to(p["device"]) for view in images]


class Trainer:
    """The step as PyTorch's documentation has a fast one: autocast, channels-last, fused SGD."""

    def __init__(self, p):
        self.p = p
        self.kind = p["device"].split(":")[0]
        cuda = self.kind == "cuda"
        torch.set_num_threads(p["threads"])
        torch.backends.cudnn.benchmark = cuda
        torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = p["tf32"]
        self.network = SimSiam(p).to(p["device"], memory_format=torch.channels_last)
        weights = read_safetensors(p["weights"])
        missing, unexpected = self.network.load_state_dict(weights, strict=False)
        missing = [name for name in missing if not name.endswith("num_batches_tracked")]
        if missing or unexpected:
            sys.exit(f"expected the weights of this network, lacking {missing}, not known {unexpected}")
        n = self.network
        encoder = [*n.backbone.parameters(), *n.projector.parameters()]
        groups = [{"params": encoder}, {"params": list(n.predictor.parameters())}]
        self.optimizer = torch.optim.SGD(
            groups, p["rate"], p["momentum"], weight_decay=p["decay"], fused=cuda or None
        )
        self.step_of = torch.compile(self.loss) if p["compiled"] else self.loss
        self.fixed = read_pixels(p["views"], p, 2)

    def autocast(self):
        return torch.autocast(self.kind, dtype=torch.bfloat16, enabled=self.p["bf16"])

    def loss(self, x1, x2):
        with self.autocast():
            return self.network(x1, x2)

    def step(self, x1, x2):
        self.network.train()
        self.optimizer.zero_grad(set_to_none=True)
        loss = self.step_of(x1, x2)
        loss.backward()
        self.optimizer.step()
        return loss.detach()

    def steps(self, order):
        """Some steps on the pixels of the start; the loss is read once, in the end."""
        for _ in range(order["count"]):
            loss = self.step(*self.fixed)
        return loss.item()

    def train(self, order):
        """One step on new pixels, with rates of its own."""
        for group, rate in zip(self.optimizer.param_groups, order["rates"]):
            group["lr"] = rate
        return self.step(*read_pixels(order["views"], self.p, 2)).item()

    def encode(self, order):
        self.network.eval()
        (images,) = read_pixels(order["views"], self.p, 1)
        with torch.no_grad(), self.autocast():
            features = self.network.backbone(images).float().cpu().contiguous()
        pathlib.Path(order["features"]).write_bytes(features.numpy().tobytes())
        return 0.0

    def peak(self):
        if self.kind == "cuda":
            return torch.cuda.max_memory_reserved()
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main(path):
    trainer = Trainer(json.loads(pathlib.Path(path).read_text()))
    print("ready", flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        loss = getattr(trainer, order["do"])(order)
        answer = {"loss": loss, "peak": trainer.peak(), "version": torch.__version__}
        print(json.dumps(answer), flush=True)


main(sys.argv[1])
