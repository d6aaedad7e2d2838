#!/usr/bin/env python3
"""PyTorch's own loop on a device, for Benchmarks/gpu.sh: the same networks, batches and precisions, from host memory and back.

gpu_peer.py DEVICE NETWORKS BATCHES PRECISIONS SECONDS    lists separated by commas; a line of CSV for each combination
gpu_peer.py table FILE                                    both sides' lines beside each other
"""
import sys
import time


def networks():
    """Networks without torchvision, which may not be there."""
    from torch import nn, cat

    class Residual(nn.Module):
        def __init__(self, inputs, width, stride, bottleneck):
            super().__init__()
            outputs = 4 * width if bottleneck else width
            convolutions = ([(inputs, width, 1, 1), (width, width, 3, stride), (width, outputs, 1, 1)] if bottleneck
                            else [(inputs, width, 3, stride), (width, outputs, 3, 1)])
            layers = []
            for i, (a, b, kernel, step) in enumerate(convolutions):
                layers += [nn.Conv2d(a, b, kernel, step, kernel // 2, bias=False), nn.BatchNorm2d(b)]
                layers += [nn.ReLU(inplace=True)] if i + 1 < len(convolutions) else []
            self.layers = nn.Sequential(*layers)
            self.short = nn.Sequential() if stride == 1 and inputs == outputs else nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))
            self.relu = nn.ReLU(inplace=True)

        def forward(self, x):
            return self.relu(self.layers(x) + self.short(x))

    def resnet(depths, bottleneck):
        layers = [nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, 1)]
        inputs = 64
        for stage, depth in enumerate(depths):
            width = 64 << stage
            for i in range(depth):
                layers.append(Residual(inputs, width, 2 if stage > 0 and i == 0 else 1, bottleneck))
                inputs = 4 * width if bottleneck else width
        return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(inputs, 1000))

    class Dense(nn.Module):
        def __init__(self, inputs):
            super().__init__()
            self.layers = nn.Sequential(
                nn.BatchNorm2d(inputs), nn.ReLU(inplace=True), nn.Conv2d(inputs, 128, 1, bias=False),
                nn.BatchNorm2d(128), nn.ReLU(inplace=True), nn.Conv2d(128, 32, 3, 1, 1, bias=False))

        def forward(self, x):
            return cat([x, self.layers(x)], 1)

    def densenet(depths):
        layers = [nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, 1)]
        inputs = 64
        for stage, depth in enumerate(depths):
            for _ in range(depth):
                layers.append(Dense(inputs))
                inputs += 32
            if stage + 1 < len(depths):
                layers += [nn.BatchNorm2d(inputs), nn.ReLU(inplace=True), nn.Conv2d(inputs, inputs // 2, 1, bias=False), nn.AvgPool2d(2)]
                inputs //= 2
        return nn.Sequential(*layers, nn.BatchNorm2d(inputs), nn.ReLU(inplace=True), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(inputs, 1000))

    def alexnet():
        layers, inputs = [], 3
        for outputs, kernel, stride, padding, pool in [(64, 11, 4, 2, True), (192, 5, 1, 2, True), (384, 3, 1, 1, False), (256, 3, 1, 1, False), (256, 3, 1, 1, True)]:
            layers += [nn.Conv2d(inputs, outputs, kernel, stride, padding), nn.ReLU(inplace=True)]
            layers += [nn.MaxPool2d(3, 2)] if pool else []
            inputs = outputs
        return nn.Sequential(
            *layers, nn.AdaptiveAvgPool2d(6), nn.Flatten(), nn.Dropout(), nn.Linear(9216, 4096), nn.ReLU(inplace=True),
            nn.Dropout(), nn.Linear(4096, 4096), nn.ReLU(inplace=True), nn.Linear(4096, 1000))

    return {
        "alexnet": alexnet,
        "resnet18": lambda: resnet([2, 2, 2, 2], False),
        "resnet50": lambda: resnet([3, 4, 6, 3], True),
        "densenet121": lambda: densenet([6, 12, 24, 16]),
    }


def measure(run, batch, seconds, wait):
    for _ in range(3):
        run()
    wait()
    start, steps = time.perf_counter(), 0
    while steps < 3 or time.perf_counter() - start < seconds:
        run()
        steps += 1
    wait()
    return steps * batch / (time.perf_counter() - start)


def bench(device, names, batches, precisions, seconds):
    import torch
    from torch import nn

    known = networks()
    name_of_device = "cpu" if device == "torch-cpu" else device
    cuda = name_of_device.startswith("cuda")
    wait = torch.cuda.synchronize if cuda else lambda: None
    torch.backends.cudnn.benchmark = True
    for precision in precisions:
        torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = precision == "tf32"
        low = {"bfloat16": torch.bfloat16, "float16": torch.float16}.get(precision)
        for name in names:
            model = known[name]().to(name_of_device, memory_format=torch.channels_last)
            for batch in batches:
                host = torch.rand(batch, 3, 224, 224).to(memory_format=torch.channels_last)
                host = host.pin_memory() if cuda else host
                labels = torch.arange(batch, device=name_of_device)
                optimizer = torch.optim.SGD(model.parameters(), lr=1e-3, momentum=0.9, weight_decay=1e-4)
                late = []

                def forward():
                    x = host.to(name_of_device, non_blocking=True)
                    with torch.autocast(name_of_device.split(":")[0], dtype=low or torch.bfloat16, enabled=low is not None):
                        return model(x)

                def train():
                    loss = nn.functional.cross_entropy(forward().float(), labels)
                    optimizer.zero_grad()
                    loss.backward()
                    optimizer.step()
                    late.append(loss.detach())
                    if len(late) > 1:
                        late.pop(0).item()

                def infer():
                    with torch.inference_mode():
                        forward().float().cpu()

                for mode, run in (("train", train), ("inference", infer)):
                    model.train(mode == "train")
                    try:
                        result = f"{measure(run, batch, seconds, wait):.1f}"
                    except RuntimeError as error:
                        print(str(error).splitlines()[0], file=sys.stderr)
                        result = ""
                    print(f"pytorch,{name},{mode},{batch},{precision},{result}", flush=True)


def table(path):
    found = {}
    for line in open(path, encoding="utf-8"):
        parts = line.strip().split(",")
        if len(parts) == 6 and parts[0] in ("mlclassify", "pytorch"):
            found.setdefault(tuple(parts[1:5]), {})[parts[0]] = parts[5]
    print(f"{'network':12} {'':9} {'batch':>5} {'precision':9} {'mlclassify':>11} {'PyTorch':>9} {'ratio':>6}")
    for (network, mode, batch, precision), both in found.items():
        ours, theirs = both.get("mlclassify", ""), both.get("pytorch", "")
        ratio = f"{float(ours) / float(theirs):6.2f}" if ours and theirs else "     -"
        print(f"{network:12} {mode:9} {batch:>5} {precision:9} {ours or '-':>11} {theirs or '-':>9} {ratio}")


if __name__ == "__main__":
    if sys.argv[1] == "table":
        table(sys.argv[2])
    else:
        bench(sys.argv[1], sys.argv[2].split(","), [int(b) for b in sys.argv[3].split(",")], sys.argv[4].split(","), float(sys.argv[5]))
