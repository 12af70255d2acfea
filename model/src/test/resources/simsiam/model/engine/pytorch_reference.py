"""Makes pytorch-reference.json: SimSiam steps by PyTorch and torchvision in double precision.

    pip install torch torchvision && python pytorch_reference.py > pytorch-reference.json

Weights and pixels are integer hashes of their position, which the Java test computes too. For each
tensor the file holds its L2 norm and its dot product with another such hash: of the gradients of the
first step, and of the weights after the last.
"""
import json
import zlib

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from torchvision.models.resnet import BasicBlock, Bottleneck

STEPS, BATCH = 3, 8
RATES = dict(encoder=0.005, predictor=0.01, momentum=0.9, weight_decay=0.01)


def hashed(count, seed):
    """Numbers in [-1, 1) that look random, exact in float32."""
    h = (np.arange(count, dtype=np.uint64) * 2654435761 + seed) % 2**32
    for multiplier in (2246822519, 3266489917):
        h ^= h >> np.uint64(15)
        h = h * multiplier % 2**32
    h ^= h >> np.uint64(16)
    return (h >> np.uint64(8)).astype(np.float64) / 2**23 - 1


class Backbone(nn.Module):
    def __init__(self, block, blocks, stem, width):
        super().__init__()
        k, s, p = (7, 2, 3) if stem == "imagenet" else (3, 1, 1)
        self.conv1 = nn.Conv2d(3, width, k, s, p, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.pool = nn.MaxPool2d(3, 2, 1) if stem == "imagenet" else nn.Identity()
        inside = width
        for stage in range(4):
            planes, out = width << stage, (width << stage) * block.expansion
            layers = []
            for i in range(blocks[stage]):
                stride = 2 if i == 0 and stage > 0 else 1
                down = None
                if stride != 1 or inside != out:
                    conv = nn.Conv2d(inside, out, 1, stride, bias=False)
                    down = nn.Sequential(conv, nn.BatchNorm2d(out))
                layers.append(block(inside, planes, stride, down))
                inside = out
            setattr(self, f"layer{stage + 1}", nn.Sequential(*layers))

    def forward(self, x):
        x = self.pool(F.relu(self.bn1(self.conv1(x))))
        return self.layer4(self.layer3(self.layer2(self.layer1(x)))).mean((2, 3))


def head(layers):
    """layers: (in, out, batch norm, affine, relu)"""
    slots = []
    for i, o, norm, affine, relu in layers:
        slots += [nn.Linear(i, o, bias=not norm)]
        slots += [nn.BatchNorm1d(o, affine=affine) if norm else nn.Identity()]
        slots += [nn.ReLU() if relu else nn.Identity()]
    return nn.Sequential(*slots)


BASE = dict(
    arch="resnet18", stem="cifar", width=4, size=16,
    layers=2, dim=16, projector_hidden_bn=True, projector_output_bn=True, output_affine=True,
    predictor="mlp", hidden=8, predictor_hidden_bn=True, predictor_output_bn=False,
    similarity="cosine", stop_gradient=True, symmetry="symmetric")
CASES = {
    "base": {},
    "resnet10": dict(arch="resnet10", layers=3, output_affine=False),
    "resnet34": dict(arch="resnet34"),
    "imagenet stem": dict(stem="imagenet", size=48),
    "resnet50": dict(arch="resnet50"),
    "no predictor": dict(predictor="none"),
    "fixed predictor": dict(predictor="fixed"),
    "cross-entropy": dict(similarity="cross_entropy"),
    "no stop-gradient": dict(stop_gradient=False),
    "asymmetric": dict(symmetry="asymmetric"),
    "asymmetric 2x": dict(symmetry="asymmetric_2x"),
    "asymmetric without stop-gradient": dict(symmetry="asymmetric", stop_gradient=False),
    "cross-entropy without stop-gradient": dict(similarity="cross_entropy", stop_gradient=False),
    "no batch norm in the heads": dict(
        projector_hidden_bn=False, projector_output_bn=False, predictor_hidden_bn=False),
    "batch norm in hidden layers alone": dict(projector_output_bn=False),
    "batch norm everywhere": dict(predictor_output_bn=True),
    "one projector layer": dict(layers=1),
}
ARCHS = {
    "resnet10": (BasicBlock, (1, 1, 1, 1)), "resnet18": (BasicBlock, (2, 2, 2, 2)),
    "resnet34": (BasicBlock, (3, 4, 6, 3)), "resnet50": (Bottleneck, (3, 4, 6, 3))}


def build(c):
    block, blocks = ARCHS[c["arch"]]
    d, last = c["dim"], c["layers"] - 1
    inputs = [c["width"] * 8 * block.expansion] + [d] * last
    net = nn.Module()
    net.backbone = Backbone(block, blocks, c["stem"], c["width"])
    net.projector = head([
        (i, d, c["projector_output_bn"] if n == last else c["projector_hidden_bn"],
         n < last or c["output_affine"], n < last) for n, i in enumerate(inputs)])
    net.predictor = nn.Identity() if c["predictor"] == "none" else head([
        (d, c["hidden"], c["predictor_hidden_bn"], True, True),
        (c["hidden"], d, c["predictor_output_bn"], True, False)])
    for name, tensor in net.named_parameters():
        values = hashed(tensor.numel(), zlib.crc32(name.encode()))
        if tensor.dim() > 1:
            values = values * np.sqrt(3.0 / (tensor.numel() / tensor.shape[0]))
        else:
            values = values * 0.25 + name.endswith("weight")
            if name.endswith("bn3.weight"):
                values *= 0.25  # keeps 16 blocks well-conditioned in float32
        tensor.data = torch.from_numpy(values.astype(np.float32).reshape(tensor.shape))
    return net.double()


def distance(c, p, z):
    z = z.detach() if c["stop_gradient"] else z
    if c["similarity"] == "cosine":
        return -F.cosine_similarity(p, z).mean()
    return -(F.softmax(z, 1) * F.log_softmax(p, 1)).sum(1).mean()


def pixels(count, size, seed):
    x = hashed(count * size * size * 3, seed).reshape(count, size, size, 3) * 2
    return torch.from_numpy(x.astype(np.float32)).double().permute(0, 3, 1, 2)


def summary(name, tensor):
    values = tensor.detach().reshape(-1).numpy()
    dot = values @ hashed(values.size, zlib.crc32(name.encode()) + 1)
    return [float(f"{np.linalg.norm(values):.8g}"), float(f"{dot:.8g}")]


def run(c):
    net = build(c)
    pairs = dict(symmetric=[(0, 1), (1, 0)], asymmetric=[(0, 1)], asymmetric_2x=[(0, 1), (2, 3)])
    pairs = pairs[c["symmetry"]]
    if c["predictor"] == "fixed":
        net.predictor.requires_grad_(False)
    trained = {n: p for n, p in net.named_parameters() if p.requires_grad}
    groups = {"encoder": [], "predictor": []}
    for n, p in trained.items():
        groups["predictor" if n.startswith("predictor") else "encoder"].append(p)
    optimizer = torch.optim.SGD(
        [dict(params=ps, lr=RATES[g]) for g, ps in groups.items() if ps],
        momentum=RATES["momentum"], weight_decay=RATES["weight_decay"])
    views = 4 if c["symmetry"] == "asymmetric_2x" else 2
    out = dict(spec=c, loss=[], output_std=[])
    net.train()
    for step in range(STEPS):
        x = pixels(views * BATCH, c["size"], step)
        z = [net.projector(net.backbone(x[v * BATCH:(v + 1) * BATCH])) for v in range(views)]
        p = [net.predictor(view) for view in z]
        loss = sum(distance(c, p[i], z[j]) for i, j in pairs) / len(pairs)
        optimizer.zero_grad()
        loss.backward()
        if step == 0:
            out["gradients"] = {n: summary(n, p.grad) for n, p in trained.items()}
        optimizer.step()
        out["loss"].append(loss.item())
        std = sum(F.normalize(view).std(0).mean() for view in z) / views
        out["output_std"].append(std.item())
    state = {n: t for n, t in net.state_dict().items() if not n.endswith("tracked")}
    out["weights"] = {n: summary(n, t) for n, t in state.items()}
    net.eval()
    out["features"] = summary("features", net.backbone(pixels(BATCH, c["size"], STEPS)))
    return out


cases = {name: run({**BASE, **changes}) for name, changes in CASES.items()}
print(json.dumps(dict(batch=BATCH, rates=RATES, cases=cases)).replace(', "', ',\n"'))
