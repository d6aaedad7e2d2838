"""Makes the golden files of this folder with PyTorch and torchvision (made with torch 1.13, torchvision 0.14):

    python3 make_golden.py [folder with squeezenet1_1.safetensors and mobilenet_v2.features.safetensors]
    python3 make_golden.py --only NAME...      makes these networks' cases again and leaves the others as they are
    python3 make_golden.py --sizes             makes sizes.json alone

parameters/NAME.txt   every parameter's name and dimensions, in the order of torchvision's state_dict
outputs.json          logits in evaluation mode, for weights and inputs that both sides make by formula, computed in float64
training.json         loss and gradients of one training step without dropout, likewise; float32_error is how far PyTorch's own
                      gradient in float32 is from the one in float64, at most, in steps whose weights differ by a millionth
sizes.json            logits likewise, at other sizes, not square; the second is as low as the network admits
pretrained.json       outputs of real weights for an input made by formula (needs the folder)
"""

import json
import math
import os
import struct
import sys

import numpy as np
import torch
import torchvision.models as models

HERE = os.path.dirname(os.path.abspath(__file__))
CLASSES = 10
ROUNDED_STEPS = 6
LARGE = 100_000_000  # parameters: two rounded steps must do, each takes gigabytes


class AlexNetHalf(models.AlexNet):
    """torchvision's AlexNet with 48-128-192-192-128 channels and hidden layers of 2048."""

    def __init__(self, num_classes=1000, dropout=0.5):
        super().__init__(num_classes, dropout)
        conv = torch.nn.Conv2d
        self.features[0] = conv(3, 48, 11, stride=4, padding=2)
        self.features[3] = conv(48, 128, 5, padding=2)
        self.features[6] = conv(128, 192, 3, padding=1)
        self.features[8] = conv(192, 192, 3, padding=1)
        self.features[10] = conv(192, 128, 3, padding=1)
        self.classifier[1] = torch.nn.Linear(128 * 36, 2048)
        self.classifier[4] = torch.nn.Linear(2048, 2048)
        self.classifier[6] = torch.nn.Linear(2048, num_classes)


class SqueezeNetLinear(models.SqueezeNet):
    """SqueezeNet 1.1 with one linear layer on the pooled map."""

    def __init__(self, num_classes=1000, dropout=0.5):
        super().__init__("1_1", num_classes, dropout)
        self.classifier = torch.nn.Sequential(
            torch.nn.Dropout(dropout), torch.nn.Linear(512, num_classes))

    def forward(self, x):
        return self.classifier(self.features(x).mean((2, 3)))


class AlexNetPaper(torch.nn.Module):
    """Krizhevsky et al. 2012; PyTorch divides the normalization's alpha by its size, the paper does not."""

    def __init__(self, num_classes=1000):
        super().__init__()
        self.conv1 = torch.nn.Conv2d(3, 96, 11, stride=4)
        self.conv2 = torch.nn.Conv2d(96, 256, 5, padding=2, groups=2)
        self.conv3 = torch.nn.Conv2d(256, 384, 3, padding=1)
        self.conv4 = torch.nn.Conv2d(384, 384, 3, padding=1, groups=2)
        self.conv5 = torch.nn.Conv2d(384, 256, 3, padding=1, groups=2)
        self.fc6 = torch.nn.Linear(256 * 36, 4096)
        self.fc7 = torch.nn.Linear(4096, 4096)
        self.fc8 = torch.nn.Linear(4096, num_classes)

    def forward(self, x):
        f = torch.nn.functional
        x = f.max_pool2d(f.local_response_norm(f.relu(self.conv1(x)), 5, alpha=5e-4, beta=0.75, k=2.0), 3, 2)
        x = f.max_pool2d(f.local_response_norm(f.relu(self.conv2(x)), 5, alpha=5e-4, beta=0.75, k=2.0), 3, 2)
        x = f.relu(self.conv4(f.relu(self.conv3(x))))
        x = f.max_pool2d(f.relu(self.conv5(x)), 3, 2)
        x = f.adaptive_avg_pool2d(x, 6).flatten(1)
        return self.fc8(f.relu(self.fc7(f.relu(self.fc6(x)))))


class CifarBlock(torch.nn.Module):
    def __init__(self, inputs, width, stride):
        super().__init__()
        self.conv1 = torch.nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.bn1 = torch.nn.BatchNorm2d(width)
        self.conv2 = torch.nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = torch.nn.BatchNorm2d(width)

    def forward(self, x):
        y = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
        missing = y.shape[1] - x.shape[1]
        if missing > 0:
            x = torch.nn.functional.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, missing // 2, missing // 2))
        return torch.relu(y + x)


class CifarResNet(torch.nn.Module):
    """He et al. 2015, section 4.2, option A."""

    def __init__(self, blocks, num_classes=1000):
        super().__init__()
        self.conv1 = torch.nn.Conv2d(3, 16, 3, 1, 1, bias=False)
        self.bn1 = torch.nn.BatchNorm2d(16)
        inputs = 16
        for stage in range(3):
            layer = torch.nn.Sequential()
            for block in range(blocks):
                layer.add_module(str(block), CifarBlock(inputs, 16 << stage, 2 if stage > 0 and block == 0 else 1))
                inputs = 16 << stage
            self.add_module("layer%d" % (stage + 1), layer)
        self.linear = torch.nn.Linear(64, num_classes)

    def forward(self, x):
        x = torch.relu(self.bn1(self.conv1(x)))
        return self.linear(self.layer3(self.layer2(self.layer1(x))).mean((2, 3)))


class SqueezeExcite(torch.nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.fc1 = torch.nn.Conv2d(channels, channels // 16, 1)
        self.fc2 = torch.nn.Conv2d(channels // 16, channels, 1)

    def forward(self, x):
        return x * torch.sigmoid(self.fc2(torch.relu(self.fc1(x.mean((2, 3), keepdim=True)))))


class SqueezeExciteBottleneck(models.resnet.Bottleneck):
    """torchvision's bottleneck with squeeze-and-excitation before the sum."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        shortcut = self._modules.pop("downsample", None)  # put back last, where timm's files have it
        self.se = SqueezeExcite(self.conv3.out_channels)
        self.downsample = shortcut

    def forward(self, x):
        y = self.relu(self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x))))))
        y = self.se(self.bn3(self.conv3(y)))
        return self.relu(y + (x if self.downsample is None else self.downsample(x)))


class VggCifar(torch.nn.Module):
    """torchvision's VGG-16 with batch normalization, one linear layer on the pooled map."""

    def __init__(self, num_classes=1000):
        super().__init__()
        self.features = models.vgg.make_layers(models.vgg.cfgs["D"], batch_norm=True)
        self.classifier = torch.nn.Linear(512, num_classes)

    def forward(self, x):
        return self.classifier(self.features(x).mean((2, 3)))


class ResNetHalf(models.ResNet):
    """torchvision's ResNet with 32-64-128-256 channels and a 1x1 convolution to 1,024 features."""

    def __init__(self, blocks, num_classes):
        block = models.resnet.BasicBlock
        super().__init__(block, blocks, num_classes)
        self.inplanes = 32
        self.conv1 = torch.nn.Conv2d(3, 32, 7, 2, 3, bias=False)
        self.bn1 = torch.nn.BatchNorm2d(32)
        self.layer1 = self._make_layer(block, 32, blocks[0])
        self.layer2 = self._make_layer(block, 64, blocks[1], stride=2)
        self.layer3 = self._make_layer(block, 128, blocks[2], stride=2)
        self.layer4 = self._make_layer(block, 256, blocks[3], stride=2)
        del self.fc
        self.conv_last = torch.nn.Conv2d(256, 1024, 1, bias=False)
        self.bn_last = torch.nn.BatchNorm2d(1024)
        self.fc = torch.nn.Linear(1024, num_classes)

    def forward(self, x):
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(torch.relu(self.bn_last(self.conv_last(x))).mean((2, 3)))


def cifar_resnet20(num_classes=1000):
    return CifarResNet(3, num_classes)


def cifar_resnet56(num_classes=1000):
    return CifarResNet(9, num_classes)


def resnet18_cntk(num_classes=1000):
    """CNTK's ResNet-18, which has a third block in its last stage."""
    return models.ResNet(models.resnet.BasicBlock, [2, 2, 2, 3], num_classes=num_classes)


def resnet16_half(num_classes=1000):
    return ResNetHalf([2, 2, 2, 1], num_classes)


def resnet20_half(num_classes=1000):
    return ResNetHalf([2, 2, 3, 2], num_classes)


def seresnet50(num_classes=1000):
    return models.ResNet(SqueezeExciteBottleneck, [3, 4, 6, 3], num_classes=num_classes)


# name, constructor, head, input height and width: small, not square, not below the minimum
NETWORKS = [
    ("alexnet", models.alexnet, "native", 71, 67),
    ("alexnet_half", AlexNetHalf, "native", 95, 67),
    ("alexnet_paper", AlexNetPaper, "native", 71, 75),
    ("cifar_resnet20", cifar_resnet20, "native", 32, 29),
    ("cifar_resnet56", cifar_resnet56, "native", 32, 29),
    ("densenet121", models.densenet121, "native", 64, 72),
    ("densenet169", models.densenet169, "native", 32, 72),
    ("densenet201", models.densenet201, "native", 32, 72),
    ("mobilenet_v2", models.mobilenet_v2, "native", 64, 56),
    ("resnet101", models.resnet101, "native", 40, 48),
    ("resnet152", models.resnet152, "native", 33, 42),
    ("resnet16_half", resnet16_half, "native", 64, 40),
    ("resnet18", models.resnet18, "native", 33, 40),
    ("resnet18_cntk", resnet18_cntk, "native", 33, 40),
    ("resnet20_half", resnet20_half, "native", 64, 40),
    ("resnet34", models.resnet34, "native", 64, 40),
    ("resnet50", models.resnet50, "native", 33, 48),
    ("seresnet50", seresnet50, "native", 56, 40),
    ("squeezenet1_1", models.squeezenet1_1, "native", 50, 61),
    ("squeezenet1_1", SqueezeNetLinear, "linear", 61, 50),
    ("vgg16", models.vgg16, "native", 40, 36),
    ("vgg16_bn", models.vgg16_bn, "native", 40, 36),
    ("vgg16_cifar", VggCifar, "native", 40, 36),
]


def uniform(name, count):
    """Values in [-1, 1) that follow from a name and an index: FNV-1a of the name, MurmurHash3's finalizer."""
    seed = 2166136261
    for byte in name.encode("utf-8"):
        seed = ((seed ^ byte) * 16777619) & 0xFFFFFFFF
    with np.errstate(over="ignore"):
        h = np.uint32(seed) + np.arange(count, dtype=np.uint32) * np.uint32(0x9E3779B9)
        h ^= h >> np.uint32(16)
        h *= np.uint32(0x85EBCA6B)
        h ^= h >> np.uint32(13)
        h *= np.uint32(0xC2B2AE35)
        h ^= h >> np.uint32(16)
    return h.astype(np.float64) / 2147483648.0 - 1.0


def formula(name, shape):
    """A parameter's values: weights keep the activations' size, variances are positive, a bottleneck's last factor is small, without
    which 50 layers' gradients are chaos; rounded to float32."""
    count = int(np.prod(shape))
    u = uniform(name, count)
    if name.endswith("running_mean") or name.endswith("bias"):
        v = 0.1 * u
    elif name.endswith("running_var"):
        v = 1.0 + 0.5 * u
    elif name.endswith("bn3.weight"):
        v = 0.25 + 0.05 * u
    elif len(shape) == 1:
        v = 1.0 + 0.2 * u
    else:
        v = u * math.sqrt(6.0 / (count // shape[0]))
    return v.astype(np.float32).reshape(shape)


def build(constructor):
    model = constructor(num_classes=CLASSES)
    state = {}
    for name, tensor in model.state_dict().items():
        if not name.endswith("num_batches_tracked"):
            state[name] = torch.from_numpy(formula(name, tuple(tensor.shape)))
    model.load_state_dict(state, strict=False)
    return model.double()


def make_input(batch, height, width):
    x = (2 * uniform("input", batch * height * width * 3)).astype(np.float32)
    return torch.from_numpy(x.reshape(batch, height, width, 3)).permute(0, 3, 1, 2).double()


def write(name, value):
    with open(os.path.join(HERE, name), "w", newline="\n") as f:
        json.dump(value, f, indent=1)
        f.write("\n")


def merge(name, cases):
    """Writes cases; those that the file has of other networks stay, in the order of NETWORKS."""
    order = [(n, head) for n, _, head, _, _ in NETWORKS]
    made = {(c["network"], c["head"]): c for c in cases}
    path = os.path.join(HERE, name)
    if len(made) < len(order) and os.path.exists(path):
        with open(path) as f:
            made = {**{(c["network"], c["head"]): c for c in json.load(f)}, **made}
    write(name, [made[key] for key in order if key in made])


def parameters(networks):
    os.makedirs(os.path.join(HERE, "parameters"), exist_ok=True)
    for name, constructor, head, _, _ in networks:
        if head != "native":
            continue
        with open(os.path.join(HERE, "parameters", name + ".txt"), "w", newline="\n") as f:
            for key, tensor in constructor().state_dict().items():
                if not key.endswith("num_batches_tracked"):
                    f.write("%s %s\n" % (key, ",".join(str(d) for d in tensor.shape)))


def outputs(networks):
    cases = []
    for name, constructor, head, height, width in networks:
        with torch.no_grad():
            y = build(constructor).eval()(make_input(2, height, width))
        cases.append({"network": name, "head": head, "height": height, "width": width, "batch": 2,
                      "values": [float("%.9g" % v) for v in y.flatten().tolist()]})
    merge("outputs.json", cases)


def sizes():
    cases = []
    smallest = {"alexnet": 63, "alexnet_half": 63, "alexnet_paper": 67, "densenet121": 29, "densenet169": 29, "densenet201": 29,
                "squeezenet1_1": 25, "vgg16": 32, "vgg16_bn": 32, "vgg16_cifar": 32}
    for name, constructor, head, _, _ in NETWORKS:
        if head != "native":
            continue
        model = build(constructor).eval()
        for height, width in ((97, 131), (smallest.get(name, 17), 70)):
            with torch.no_grad():
                y = model(make_input(1, height, width))
            cases.append({"network": name, "head": head, "height": height, "width": width, "batch": 1,
                          "values": [float("%.9g" % v) for v in y.flatten().tolist()]})
    write("sizes.json", cases)


def move(model, seed):
    """Moves every filter value by a millionth, up or down, which is how far sums in another order, or Winograd's, end from these: other
    values then lie on a rectifier's kink."""
    with torch.no_grad():
        for name, p in model.named_parameters():
            if p.dim() > 1:
                sign = np.where(uniform("%s.%d" % (name, seed), p.numel()) < 0, -1.0, 1.0).reshape(tuple(p.shape))
                p.mul_(1 + 2.0 ** -20 * torch.from_numpy(sign))


def train_step(constructor, batch, height, width, dtype, seed=0):
    model = build(constructor)
    if seed > 0:
        move(model, seed)
    model = model.to(dtype).train()
    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    labels = torch.tensor([(3 * i + 1) % CLASSES for i in range(batch)])
    logits = model(make_input(batch, height, width).to(dtype))
    loss = torch.nn.functional.cross_entropy(logits, labels, label_smoothing=0.1)
    loss.backward()
    return model, loss, {key: p.grad.flatten().double().numpy() for key, p in model.named_parameters()}


def training(networks):
    cases = []
    for name, constructor, head, height, width in networks:
        batch = 4
        model, loss, exact = train_step(constructor, batch, height, width, torch.float64)
        keys = list(exact)
        step = max(1, len(keys) // 8)
        chosen = set(keys[::step] + keys[-2:])
        steps = ROUNDED_STEPS if sum(g.size for g in exact.values()) < LARGE else 2
        rounded = []
        for seed in range(steps):
            gradients = train_step(constructor, batch, height, width, torch.float32, seed)[2]
            rounded.append({key: gradients[key] for key in chosen})
        gradients = []
        for key in keys[::step] + keys[-2:]:
            g = exact[key]
            norm = np.linalg.norm(g)
            gradients.append({"name": key, "norm": float("%.9g" % norm),
                              "projection": float("%.9g" % np.dot(g, uniform("projection." + key, g.size))),
                              "float32_error": float("%.2g" % max(np.linalg.norm(r[key] - g) for r in rounded))})
        state = model.state_dict()
        statistics = [{"name": key, "norm": float("%.9g" % state[key].norm().item())}
                      for key in list(k for k in state if "running_" in k)[-2:]]
        cases.append({"network": name, "head": head, "height": height, "width": width, "batch": batch,
                      "loss": float("%.9g" % loss.item()), "gradients": gradients, "statistics": statistics})
    merge("training.json", cases)


def read_safetensors(path):
    with open(path, "rb") as f:
        header = json.loads(f.read(struct.unpack("<Q", f.read(8))[0]))
        data = f.read()
    return {name: torch.from_numpy(np.frombuffer(data[slice(*t["data_offsets"])], dtype="<f4").reshape(t["shape"]).copy())
            for name, t in header.items() if name != "__metadata__"}


def blocks(height, width):
    """An input of coarse blocks, whose values follow from their place: [1, 3, height, width]."""
    u = (2 * uniform("blocks", (height // 16 + 1) * (width // 16 + 1) * 3)).reshape(height // 16 + 1, width // 16 + 1, 3)
    x = u.repeat(16, 0).repeat(16, 1)[:height, :width].astype(np.float32)
    return torch.from_numpy(x).permute(2, 0, 1)[None].double()


def pretrained(folder):
    x = blocks(224, 224)
    squeezenet = models.squeezenet1_1()
    squeezenet.load_state_dict(read_safetensors(os.path.join(folder, "squeezenet1_1.safetensors")))
    mobilenet = models.mobilenet_v2()
    mobilenet.load_state_dict(read_safetensors(os.path.join(folder, "mobilenet_v2.features.safetensors")), strict=False)
    with torch.no_grad():
        logits = squeezenet.double().eval()(x).flatten().tolist()
        features = mobilenet.double().eval().features(x).mean((2, 3)).flatten().tolist()
    write("pretrained.json", {"squeezenet1_1_logits": [float("%.6g" % v) for v in logits[:200]],
                              "mobilenet_v2_features": [float("%.6g" % v) for v in features[:200]]})


if __name__ == "__main__":
    if sys.argv[1:] == ["--sizes"]:
        sizes()
        sys.exit()
    only = sys.argv[2:] if sys.argv[1:2] == ["--only"] else None
    chosen = [n for n in NETWORKS if only is None or n[0] in only]
    parameters(chosen)
    outputs(chosen)
    training(chosen)
    if only is None and len(sys.argv) > 1:
        pretrained(sys.argv[1])
