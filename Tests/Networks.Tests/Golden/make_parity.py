"""Makes Golden/parity/NAME.json with PyTorch and torchvision (made with torch 1.13, torchvision 0.14):

    python3 make_parity.py [NAME...]             all networks, or some
    python3 make_parity.py --dump NAME FOLDER    every value of one network, for Parity/compare.sh
    python3 make_parity.py --seeds NAME COUNT    how near values come to a kink, for some inputs, to choose one

A file holds what PyTorch computes in float64 from weights and an input that both sides make by formula: the outputs in evaluation mode;
then three steps of SGD with momentum and weight decay in training mode without dropout: the losses, and for every tensor of the first
step's gradients, of the momentum and of the weights after the third step its norm, its projection on a direction made by formula, and
its largest value with the place.

A rectifier's gradient jumps at zero, that of maximum pooling where two values of a window are equal. Float32 moves every value by some
millionths, so in a network of random weights some of its millions of values change sides, wherever it runs, and a gradient then differs by
a whole activation. The formula of this file keeps values off the rectifiers' kinks: every even channel is moved up and every odd one down
by about four standard deviations, so that a rectifier lets through about half of the channels, and few values lie near zero. "margin" is
the distance of the nearest value, or of the two largest of a window, in the three steps, in standard deviations of its map. Weights that
read even channels have opposite signs in pairs, so that the moved means cancel.
"""

import json
import math
import os
import sys

import numpy as np
import torch

from make_golden import HERE, NETWORKS, uniform

CLASSES = 10
STEPS = 3
MOMENTUM = 0.9
WEIGHT_DECAY = 0.01
ZERO = 1e-6  # of the network's largest gradient: below it, a gradient is zero but for rounding

# batch, height, width, the input's number, learning rate
CASES = {
    "alexnet": (2, 71, 67, 1, 1e-5),
    "alexnet_half": (2, 95, 67, 0, 1e-5),
    "alexnet_paper": (2, 71, 75, 0, 1e-5),
    "cifar_resnet20": (4, 32, 29, 0, 1e-3),
    "cifar_resnet56": (4, 24, 21, 0, 5e-4),
    "densenet121": (4, 64, 72, 0, 1e-3),
    "densenet169": (4, 64, 40, 0, 1e-3),
    "densenet201": (4, 48, 64, 0, 1e-3),
    "mobilenet_v2": (4, 40, 40, 0, 1e-3),
    "resnet101": (4, 40, 48, 0, 3e-4),
    "resnet152": (4, 40, 33, 7, 3e-4),
    "resnet16_half": (4, 40, 48, 0, 1e-3),
    "resnet20_half": (4, 40, 48, 0, 1e-3),
    "resnet18": (4, 40, 48, 1, 1e-3),
    "resnet18_cntk": (4, 40, 48, 1, 1e-3),
    "resnet34": (4, 40, 48, 0, 1e-3),
    "resnet50": (4, 40, 48, 0, 3e-4),
    "seresnet50": (4, 40, 48, 0, 3e-4),
    "squeezenet1_1": (2, 33, 41, 0, 1e-4),
    "vgg16": (2, 32, 33, 5, 1e-5),
    "vgg16_bn": (2, 40, 40, 0, 3e-5),
    "vgg16_cifar": (4, 40, 36, 0, 1e-3),
}

# Positions of the map that a linear layer's input was flattened from: its columns come in runs of one channel.
POSITIONS = {"classifier.1.weight": 36, "fc6.weight": 36}


def formula(model):
    """All values of a model, by name, in float32."""
    shapes = {k: tuple(t.shape) for k, t in model.state_dict().items() if not k.endswith("num_batches_tracked")}
    norms = {k[: -len("running_mean")] for k in shapes if k.endswith("running_mean")}
    last = "bn3." if any("bn3." in k for k in shapes) else "bn2."
    head = list(model.named_parameters())[-1][0]
    state = {}
    for key, shape in shapes.items():
        module, leaf = key[: key.rindex(".") + 1], key[key.rindex(".") + 1:]
        u = uniform(key, int(np.prod(shape)))
        side = np.where(np.arange(shape[0]) % 2 == 0, 1.0, -1.0)
        part = 1 / 3 if module.endswith(last) else 1.0  # a block's last normalization adds less than the block gets
        if leaf == "running_mean" or key == head:
            v = 0.1 * u
        elif leaf == "running_var":
            v = 1 + 0.5 * u
        elif module in norms and leaf == "weight":
            v = part * 0.75 * (1 + 0.2 * u)
        elif module in norms:
            v = part * 3 * side * (1 + 0.1 * u)
        elif leaf == "bias":
            v = 4 * side * (1 + 0.1 * u)
        else:
            v = math.sqrt(6.0 / np.prod(shape[1:])) * pairs(key, u, shape)
        state[key] = torch.from_numpy(v.astype(np.float32).reshape(shape))
    return state


def pairs(key, u, shape):
    """Opposite signs for the weights of channels 0 and 2, 4 and 6, and so on."""
    if key == "classifier.0.weight" and len(shape) == 2:
        run = 49
    else:
        run = POSITIONS.get(key, 1) if len(shape) == 2 and shape[1] % 36 == 0 else 1
    channels = shape[1] // run
    if channels % 4 != 0:
        return u
    w = u.reshape(shape[0], channels, -1)
    w[:, 2::4] = -w[:, 0::4]
    return w.reshape(-1)


def build(name, dtype):
    model = {n: constructor for n, constructor, head, _, _ in NETWORKS if head == "native"}[name](num_classes=CLASSES)
    model.load_state_dict(formula(model), strict=False)
    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    return model.to(dtype)


def make_input(name, seed, dtype):
    batch, height, width = CASES[name][:3]
    x = (2 * uniform("parity.%d" % seed, batch * height * width * 3)).astype(np.float32)
    return torch.from_numpy(x.reshape(batch, height, width, 3)).permute(0, 3, 1, 2).to(dtype)


class Margin:
    """Measures how near the inputs of rectifiers and of maximum pooling come to their kinks, in standard deviations."""

    def __enter__(self):
        self.smallest = math.inf
        self.relu, self.hardtanh, self.torch_relu = torch.nn.functional.relu, torch.nn.functional.hardtanh, torch.relu
        self.max_pool = torch.nn.functional.max_pool2d
        torch.nn.functional.max_pool2d = self.pool
        torch.nn.functional.relu = lambda x, inplace=False: self.torch_relu(self.see(x, [0]))
        torch.relu = lambda x: self.torch_relu(self.see(x, [0]))
        torch.nn.functional.hardtanh = lambda x, low, high, inplace=False: self.hardtanh(self.see(x, [low, high]), low, high)
        return self

    def __exit__(self, *_):
        torch.nn.functional.relu, torch.nn.functional.hardtanh, torch.relu = self.relu, self.hardtanh, self.torch_relu
        torch.nn.functional.max_pool2d = self.max_pool

    def pool(self, x, kernel_size, stride=None, padding=0, *rest, **options):
        y = torch.nn.functional.pad(x.detach(), [padding, padding + kernel_size] * 2, value=-math.inf)
        windows = torch.nn.functional.unfold(y.reshape(-1, 1, *y.shape[2:]), kernel_size, stride=stride or kernel_size)
        largest = windows.topk(2, 1).values
        gaps = (largest[:, 0] - largest[:, 1])[largest[:, 0] > 0]  # nothing flows back through a rectifier's zeros, equal or not
        self.smallest = min(self.smallest, (gaps.min() / x.detach().std()).item()) if gaps.numel() else self.smallest
        return self.max_pool(x, kernel_size, stride, padding, *rest, **options)

    def see(self, x, kinks):
        y = x.detach()
        for kink in kinks:
            self.smallest = min(self.smallest, ((y - kink).abs().min() / y.std()).item())
        return x


def run(name, dtype, seed=None):
    """Outputs, losses, and by name: gradients of the first step, momentum and weights after the last; all in float64."""
    batch, _, _, number, rate = CASES[name]
    seed = number if seed is None else seed
    model = build(name, dtype)
    x = make_input(name, seed, dtype)
    with torch.no_grad():
        outputs = model.eval()(x).flatten()
    model.train()
    labels = torch.tensor([(3 * i + 1) % CLASSES for i in range(batch)])
    optimizer = torch.optim.SGD(model.parameters(), lr=rate, momentum=MOMENTUM, weight_decay=WEIGHT_DECAY)
    losses, gradients = [], {}
    with Margin() as margin:
        for step in range(STEPS):
            optimizer.zero_grad()
            loss = torch.nn.functional.cross_entropy(model(x), labels, label_smoothing=0.1)
            loss.backward()
            losses.append(loss.item())
            if step == 0:
                gradients = {k: p.grad.detach().clone() for k, p in model.named_parameters()}
            optimizer.step()
    momentum = {k: optimizer.state[p]["momentum_buffer"] for k, p in model.named_parameters()}
    weights = {k: t for k, t in model.state_dict().items() if not k.endswith("num_batches_tracked")}
    tables = [{k: t.detach().numpy().reshape(-1) for k, t in table.items()} for table in (gradients, momentum, weights)]
    return outputs.numpy(), losses, tables, margin.smallest


def relative(found, expected, floor=0.0):
    """The largest difference over the largest value, the largest of all tensors; zero gradients are left out."""
    return max([np.abs(found[k].astype(np.float64) - e).max() / np.abs(e).max() for k, e in expected.items() if np.abs(e).max() > floor])


def own_error(found, expected):
    """What PyTorch's own float32 differs by."""
    largest = max(np.abs(g).max() for g in expected[2][0].values())
    losses = max(abs(f - e) / abs(e) for f, e in zip(found[1], expected[1]))
    outputs = np.abs(found[0].astype(np.float64) - expected[0]).max() / np.abs(expected[0]).max()
    floors = (ZERO * largest, 0.0, 0.0)
    return [outputs, losses] + [relative(f, e, floor) for f, e, floor in zip(found[2], expected[2], floors)]


def row(key, values):
    largest = int(np.argmax(np.abs(values)))
    numbers = (np.linalg.norm(values), float(np.dot(values, uniform("projection." + key, values.size))), largest, values[largest])
    return [float("%.7g" % v) if i != 2 else v for i, v in enumerate(numbers)]


def case(name, expected):
    batch, height, width, seed, rate = CASES[name]
    outputs, losses, tables, margin = expected
    return {
        "network": name, "batch": batch, "height": height, "width": width, "seed": seed, "rate": rate,
        "margin": float("%.2g" % margin),
        "outputs": [float("%.8g" % v) for v in outputs], "losses": [float("%.9g" % v) for v in losses],
        **{key: [row(k, v) for k, v in table.items()] for key, table in zip(("gradients", "momentum", "weights"), tables)},
    }


def write(path, value):
    with open(path, "w", newline="\n") as f:
        f.write("{\n")
        for i, (key, item) in enumerate(value.items()):
            rows = isinstance(item, list) and isinstance(item[0], list)
            text = "[\n%s\n ]" % ",\n".join("  " + json.dumps(r, separators=(",", ":")) for r in item) if rows else json.dumps(item)
            f.write(' "%s": %s%s\n' % (key, text, "," if i < len(value) - 1 else ""))
        f.write("}\n")


def golden(names):
    os.makedirs(os.path.join(HERE, "parity"), exist_ok=True)
    for name in names:
        expected = run(name, torch.float64)
        write(os.path.join(HERE, "parity", name + ".json"), case(name, expected))
        print("%-14s losses %s margin %.1e" % (name, " ".join("%.4f" % v for v in expected[1]), expected[3]), flush=True)


def dump(name, folder):
    expected = run(name, torch.float64)
    batch, height, width, seed, rate = CASES[name]
    os.makedirs(folder, exist_ok=True)
    for key, table in zip(("gradients", "momentum", "weights"), expected[2]):
        with open(os.path.join(folder, key + ".f32"), "wb") as f:
            for values in table.values():
                f.write(values.astype("<f4").tobytes())
    own = own_error(run(name, torch.float32), expected)
    with open(os.path.join(folder, "case.json"), "w") as f:
        json.dump({"network": name, "batch": batch, "height": height, "width": width, "seed": seed, "rate": rate,
                   "margin": expected[3], "outputs": expected[0].tolist(), "losses": expected[1], "own": own}, f)


def seeds(name, count):
    for seed in range(count):
        outputs, losses, _, margin = run(name, torch.float64, seed)
        print("%s %d margin %.1e losses %s" % (name, seed, margin, " ".join("%.4f" % v for v in losses)), flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--dump"]:
        dump(sys.argv[2], sys.argv[3])
    elif sys.argv[1:2] == ["--seeds"]:
        seeds(sys.argv[2], int(sys.argv[3]))
    else:
        golden(sys.argv[1:] or sorted(CASES))
