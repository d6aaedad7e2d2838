#!/usr/bin/python3
"""Writes torchvision's networks as ONNX files for ONNX Runtime; measures nothing.

usage: export_onnx.py FOLDER [network ...] [--size 224] [--classes 1000]
Evaluation mode, random weights, any batch. Needs torch and torchvision (Debian: python3-torch, python3-torchvision). A file that is
there already is kept.
"""
import argparse
import os
import warnings

import torch
import torchvision


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("networks", nargs="*", default=["alexnet", "resnet18", "resnet50", "densenet121"])
    parser.add_argument("--size", type=int, default=224)
    parser.add_argument("--classes", type=int, default=1000)
    options = parser.parse_args()
    os.makedirs(options.folder, exist_ok=True)
    warnings.filterwarnings("ignore")
    for name in options.networks:
        path = os.path.join(options.folder, f"{name}-{options.size}-{options.classes}.onnx")
        if os.path.exists(path):
            continue
        torch.manual_seed(1)
        network = getattr(torchvision.models, name)(weights=None, num_classes=options.classes).eval()
        batch = {0: "batch"}
        torch.onnx.export(
            network, torch.zeros(1, 3, options.size, options.size), path + ".part", opset_version=13,
            input_names=["input"], output_names=["output"], dynamic_axes={"input": batch, "output": batch})
        os.replace(path + ".part", path)


if __name__ == "__main__":
    main()
