"""Makes this folder's ONNX files with PyTorch (made with torch 1.13): python3 make_onnx.py

NAME.onnx     a tiny network of a known kind, as torch.onnx.export writes it, weights by formula
outputs.json  per file: the input's layout and size, and PyTorch's outputs in float64 for an input by formula ("softmax": before it)

    python3 make_onnx.py --full FOLDER     exports torchvision's networks at full size to FOLDER instead, with outputs.json
"""

import json
import os
import sys
import warnings

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "..", "Networks.Tests", "Golden"))
import make_golden  # noqa: E402

warnings.filterwarnings("ignore")
CLASSES = 5


def conv_norm(inputs, outputs, kernel, stride=1, groups=1, relu=None):
    layers = [nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False), nn.BatchNorm2d(outputs)]
    return nn.Sequential(*layers, *([relu] if relu else []))


class Residual(nn.Module):
    """ResNet's parts: stem, maximum pooling, a basic block with a strided shortcut, a pooled linear head."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 8, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(8)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        self.layer1 = nn.Sequential(Block(8, 12, 2), Block(12, 12, 1))
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(12, CLASSES)

    def forward(self, x):
        x = self.layer1(self.maxpool(self.relu(self.bn1(self.conv1(x)))))
        return self.fc(torch.flatten(self.avgpool(x), 1))


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = conv_norm(inputs, outputs, 1, stride) if inputs != outputs else None

    def forward(self, x):
        y = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x)))))
        return self.relu(y + (x if self.downsample is None else self.downsample(x)))


class Mobile(nn.Module):
    """MobileNetV2's parts: ReLU6, depthwise convolutions, a sum without a rectifier, a mean instead of a pooling layer."""

    def __init__(self):
        super().__init__()
        six = nn.ReLU6(inplace=True)
        self.features = nn.Sequential(
            conv_norm(3, 8, 3, 2, relu=six),
            nn.Sequential(conv_norm(8, 16, 1, relu=six), conv_norm(16, 16, 3, 2, 16, six), conv_norm(16, 10, 1)))
        self.residual = nn.Sequential(conv_norm(10, 20, 1, relu=six), conv_norm(20, 20, 3, 1, 20, six), conv_norm(20, 10, 1))
        self.classifier = nn.Sequential(nn.Dropout(0.2), nn.Linear(10, CLASSES))

    def forward(self, x):
        x = self.features(x)
        return self.classifier((x + self.residual(x)).mean([2, 3]))


class Fire(nn.Module):
    """SqueezeNet's parts: pooling in ceil mode, a fire module, a convolution as classifier."""

    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(3, 8, 3, 2)
        self.pool = nn.MaxPool2d(3, 2, ceil_mode=True)
        self.squeeze = nn.Conv2d(8, 4, 1)
        self.expand1x1 = nn.Conv2d(4, 6, 1)
        self.expand3x3 = nn.Conv2d(4, 6, 3, padding=1)
        self.classifier = nn.Sequential(nn.Dropout(0.5), nn.Conv2d(12, CLASSES, 1), nn.ReLU(inplace=True), nn.AdaptiveAvgPool2d((1, 1)))

    def forward(self, x):
        x = self.pool(F.relu(self.first(x)))
        x = F.relu(self.squeeze(x))
        x = torch.cat([F.relu(self.expand1x1(x)), F.relu(self.expand3x3(x))], 1)
        return torch.flatten(self.classifier(x), 1)


class Dense(nn.Module):
    """DenseNet's parts: normalization before convolution, concatenation, a transition with average pooling."""

    def __init__(self):
        super().__init__()
        self.conv0 = nn.Conv2d(3, 6, 3, 1, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(6)
        self.conv1 = nn.Conv2d(6, 4, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(10)
        self.conv2 = nn.Conv2d(10, 5, 1, bias=False)
        self.pool = nn.AvgPool2d(2, 2)
        self.norm3 = nn.BatchNorm2d(5)
        self.classifier = nn.Linear(5, CLASSES)

    def forward(self, x):
        x = self.conv0(x)
        x = torch.cat([x, self.conv1(F.relu(self.norm1(x)))], 1)
        x = self.pool(self.conv2(F.relu(self.norm2(x))))
        x = F.adaptive_avg_pool2d(F.relu(self.norm3(x)), (1, 1))
        return self.classifier(torch.flatten(x, 1))


class Excite(nn.Module):
    """Squeeze-and-excitation with matrices, whose result is given a map's shape from the map's own; the head likewise."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 12, 3, 2, 1)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.down = nn.Linear(12, 4, bias=False)
        self.up = nn.Linear(4, 12)
        self.fc = nn.Linear(12, CLASSES)

    def forward(self, x):
        x = F.relu(self.conv(x))
        b, c = x.size(0), x.size(1)
        s = self.pool(x).view(b, c)
        s = torch.sigmoid(self.up(F.relu(self.down(s)))).view(b, c, 1, 1)
        x = x * s
        return self.fc(self.pool(x).view(x.size(0), -1))


class ExciteConvolution(nn.Module):
    """Squeeze-and-excitation with 1x1 convolutions, as timm has it."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 12, 3, 2, 1)
        self.fc1 = nn.Conv2d(12, 4, 1)
        self.fc2 = nn.Conv2d(4, 12, 1)
        self.fc = nn.Linear(12, CLASSES)

    def forward(self, x):
        x = F.relu(self.conv(x))
        x = x * torch.sigmoid(self.fc2(F.relu(self.fc1(x.mean((2, 3), keepdim=True)))))
        return self.fc(x.mean((2, 3)))


class Alex(nn.Module):
    """AlexNet's parts: groups, an adaptive pooling to more than one position, hidden linear layers, dropout, a softmax."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 8, 5, 2, 1), nn.ReLU(), nn.MaxPool2d(3, 2), nn.Conv2d(8, 6, 3, padding=1, groups=2), nn.ReLU())
        self.avgpool = nn.AdaptiveAvgPool2d((3, 3))
        self.classifier = nn.Sequential(nn.Dropout(), nn.Linear(54, 16), nn.ReLU(), nn.Dropout(), nn.Linear(16, CLASSES))
        self.softmax = nn.Softmax(1)

    def forward(self, x):
        return self.softmax(self.logits(x))

    def logits(self, x):
        return self.classifier(torch.flatten(self.avgpool(self.features(x)), 1))


class Shortcut(nn.Module):
    """CIFAR's residual shortcut without parameters: every second pixel, zeros around the channels."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 4, 3, 1, 1)
        self.conv2 = nn.Conv2d(4, 8, 3, 2, 1)
        self.linear = nn.Linear(8, CLASSES)

    def forward(self, x):
        x = F.relu(self.conv1(x))
        x = F.relu(self.conv2(x) + F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, 2, 2)))
        return self.linear(F.avg_pool2d(x, int(x.size()[3])).view(x.size(0), -1))


class Images(nn.Module):
    """Takes rows, columns, colors from 0 to 255, and normalizes by itself; a matrix product and a sum as head."""

    def __init__(self):
        super().__init__()
        self.register_buffer("mean", torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1))
        self.register_buffer("std", torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1))
        self.conv = nn.Conv2d(3, 8, 3, 2, 0)
        self.matrix = nn.Parameter(torch.zeros(8, CLASSES))
        self.offset = nn.Parameter(torch.zeros(CLASSES))

    def forward(self, x):
        x = (x.permute(0, 3, 1, 2) / 255 - self.mean) / self.std
        x = F.relu(self.conv(F.pad(x, (0, 1, 0, 1))))
        return torch.matmul(x.mean((-1, -2)), self.matrix) + self.offset


class Corners(nn.Module):
    """Uneven borders, a factor and an offset for each channel amid the network, pooling without and with a border."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 6, (3, 5), (2, 1), (1, 2), bias=False)
        self.scale = nn.Parameter(torch.ones(6, 1, 1))
        self.shift = nn.Parameter(torch.zeros(6, 1, 1))
        self.conv2 = nn.Conv2d(6, 6, 3, 1)
        self.bn = nn.BatchNorm1d(6)
        self.fc = nn.Linear(6, CLASSES)

    def forward(self, x):
        x = F.relu(self.conv1(x) * self.scale + self.shift)
        x = F.avg_pool2d(x, 3, 2, 1)
        x = F.max_pool2d(F.pad(F.relu(x), (0, 1, 0, 1)), 3, 2)
        x = self.conv2(F.pad(x, (2, 0, 1, 2)))
        x = F.adaptive_avg_pool2d(x, 1).squeeze(3).squeeze(2)
        return self.fc(self.bn(x))


# name, network, input height and width, opset, whether the batch may vary, whether normalizations stay
TINY = [
    ("residual_11", Residual, 33, 40, 11, True, False),
    ("residual_13", Residual, 33, 40, 13, True, False),
    ("residual_17", Residual, 33, 40, 17, True, True),
    ("mobile_11", Mobile, 32, 30, 11, True, False),
    ("mobile_13_unfolded", Mobile, 32, 30, 13, False, True),
    ("fire_12", Fire, 30, 33, 12, True, False),
    ("dense_13", Dense, 18, 16, 13, True, False),
    ("dense_16_unfolded", Dense, 18, 16, 16, True, True),
    ("excite_11", Excite, 24, 26, 11, True, False),
    ("excite_15", Excite, 24, 26, 15, False, False),
    ("excite_convolution_14", ExciteConvolution, 24, 26, 14, True, False),
    ("alex_11", Alex, 27, 27, 11, True, False),
    ("alex_17", Alex, 27, 27, 17, False, False),
    ("shortcut_13", Shortcut, 16, 16, 13, True, False),
    ("images_13", Images, 24, 24, 13, True, False),
    ("corners_11", Corners, 31, 28, 11, True, False),
    ("corners_17", Corners, 31, 28, 17, True, True),
]


def fill(model):
    state = {}
    for name, tensor in model.state_dict().items():
        if name in ("mean", "std") or name.endswith("num_batches_tracked"):
            state[name] = tensor
        elif name == "shift":
            state[name] = torch.from_numpy((0.1 * make_golden.uniform(name, tensor.numel())).astype(np.float32)).view(tensor.shape)
        elif name == "scale":
            state[name] = torch.from_numpy((1 + 0.2 * make_golden.uniform(name, tensor.numel())).astype(np.float32)).view(tensor.shape)
        else:
            state[name] = torch.from_numpy(make_golden.formula(name, tuple(tensor.shape)))
    model.load_state_dict(state)
    return model.eval()


def export(model, path, x, opset, dynamic, keep):
    torch.onnx.export(
        model, x, path, opset_version=opset, input_names=["input"], output_names=["output"],
        training=torch.onnx.TrainingMode.PRESERVE if keep else torch.onnx.TrainingMode.EVAL,
        dynamic_axes={"input": {0: "batch"}, "output": {0: "batch"}} if dynamic else None)


def run(model, x):
    with torch.no_grad():
        model = model.double()
        values = (model.logits if hasattr(model, "logits") else model)(x.double())
    return [float("%.9g" % v) for v in values.flatten().tolist()]


def tiny():
    cases = []
    for name, network, height, width, opset, dynamic, keep in TINY:
        model = fill(network())
        batch = 2 if dynamic else 1
        x = make_golden.make_input(batch, height, width).float()
        is_last = network is Images
        if is_last:
            x = (x.permute(0, 2, 3, 1) * 50 + 120).contiguous()
        export(model, os.path.join(HERE, name + ".onnx"), x[:1], opset, dynamic, keep)
        cases.append({"file": name, "height": height, "width": width, "batch": batch, "channels_last": is_last, "values": run(model, x)})
    write(HERE, cases)


def full(folder):
    """torchvision's networks and their kin at their own size."""
    os.makedirs(folder, exist_ok=True)
    cases = []
    for name, constructor, head, _, _ in make_golden.NETWORKS:
        if head != "native" or name == "alexnet_paper":  # PyTorch takes its local response normalization apart
            continue
        side = 32 if "cifar" in name else 224
        torch.manual_seed(1)
        model = constructor(num_classes=1000)
        model.load_state_dict({
            key: value if key.endswith("num_batches_tracked") else torch.from_numpy(make_golden.formula(key, tuple(value.shape)))
            for key, value in model.state_dict().items()})
        model.eval()
        x = make_golden.make_input(1, side, side).float()
        opset = 11 + len(cases) % 7
        export(model, os.path.join(folder, name + ".onnx"), x, opset, True, False)
        cases.append({"file": name, "height": side, "width": side, "batch": 1, "channels_last": False, "values": run(model, x)})
        print(name, "operator set", opset, flush=True)
        write(folder, cases)


def write(folder, cases):
    with open(os.path.join(folder, "outputs.json"), "w", encoding="utf-8") as f:
        f.write("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--full"]:
        full(sys.argv[2])
    else:
        tiny()
