#!/usr/bin/python3
"""PyTorch's side of the comparison: one JSON line a network, with the fields that our own program prints.

usage: pytorch_bench.py [network ...] [--mode train] [--mode infer] [--batch 32] [--size 224] [--classes 1000] [--steps 5] [--threads 2]
Needs torch and torchvision (Debian: python3-torch, python3-torchvision).

train: forward, cross-entropy, backward, SGD with momentum 0.9. infer: forward in evaluation mode without gradients. Each figure is the
batch over the median step after two steps of warm-up. Both memory layouts are tried, each in a process of its own, and the faster one
counts, for each figure by itself; peak_rss_mb (VmHWM of the process, in MiB) is of the layout that is faster in the first mode given.
"""
import argparse
import json
import statistics
import subprocess
import sys
import time

LAYOUTS = ["contiguous_format", "channels_last"]
WARM_UP = 2


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("networks", nargs="*", default=["alexnet", "resnet18", "resnet50", "densenet121"])
    parser.add_argument("--mode", action="append", choices=["train", "infer"])
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--size", type=int, default=224)
    parser.add_argument("--classes", type=int, default=1000)
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--layout", choices=LAYOUTS, help="measure this layout alone, in this process")
    options = parser.parse_args()
    options.mode = options.mode or ["train", "infer"]
    return options


def median_seconds(step, steps):
    for _ in range(WARM_UP):
        step()
    seconds = []
    for _ in range(steps):
        begin = time.perf_counter()
        step()
        seconds.append(time.perf_counter() - begin)
    return statistics.median(seconds)


def peak_mebibytes():
    try:
        with open("/proc/self/status", encoding="ascii") as status:
            return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM:"))
    except OSError:
        return None


def measure(name, options):
    """One network in one layout, in this process."""
    import torch
    import torchvision

    torch.manual_seed(1)
    torch.set_num_threads(options.threads)
    layout = getattr(torch, options.layout)
    network = getattr(torchvision.models, name)(weights=None, num_classes=options.classes).to(memory_format=layout)
    images = torch.randn(options.batch, 3, options.size, options.size).to(memory_format=layout)
    labels = torch.arange(options.batch) % options.classes

    def infer():
        with torch.no_grad():
            network(images)

    result = {"peer": "pytorch " + torch.__version__, "layout": options.layout}
    if "infer" in options.mode:
        network.eval()
        result["infer_images_per_s"] = options.batch / median_seconds(infer, options.steps)
    if "train" in options.mode:
        network.train()
        optimizer = torch.optim.SGD(network.parameters(), lr=0.01, momentum=0.9)

        def train():
            # Newer PyTorch's default, and the faster way.
            optimizer.zero_grad(set_to_none=True)
            torch.nn.functional.cross_entropy(network(images), labels).backward()
            optimizer.step()

        result["train_images_per_s"] = options.batch / median_seconds(train, options.steps)
    result["peak_rss_mb"] = peak_mebibytes()
    return result


def both_layouts(name, options):
    """Each layout in a fresh process, so that neither finds the other's memory."""
    command = [sys.executable, __file__, name, "--batch", str(options.batch), "--size", str(options.size), "--steps", str(options.steps),
               "--classes", str(options.classes), "--threads", str(options.threads)]
    for mode in options.mode:
        command += ["--mode", mode]
    found = [json.loads(subprocess.run([*command, "--layout", layout], check=True, stdout=subprocess.PIPE).stdout) for layout in LAYOUTS]
    result = {"peer": found[0]["peer"], "network": name, "batch": options.batch, "size": options.size, "threads": options.threads}
    for mode in options.mode:
        rate = mode + "_images_per_s"
        best = max(found, key=lambda line: line[rate])
        result[rate] = round(best[rate], 2)
        result[mode + "_layout"] = best["layout"]
    peak = max(found, key=lambda line: line[options.mode[0] + "_images_per_s"])["peak_rss_mb"]
    if peak is not None:
        result["peak_rss_mb"] = round(peak, 1)
    return result


def main():
    options = arguments()
    for name in options.networks:
        print(json.dumps(measure(name, options) if options.layout else both_layouts(name, options)), flush=True)


if __name__ == "__main__":
    main()
