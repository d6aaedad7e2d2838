#!/usr/bin/python3
"""Lists the distinct convolutions of torchvision's networks, one a line, as ../shapes.txt holds them.

usage: list_shapes.py > ../shapes.txt
Needs torch and torchvision (Debian: python3-torch, python3-torchvision). One image of 224 x 224 goes through each network, and a hook
on every convolution notes its sizes; the counts say how often each network has it.
"""
import torch
import torchvision

NETWORKS = ["alexnet", "resnet18", "resnet50", "densenet121"]


def convolutions(name):
    """The convolutions of a network in the order in which they run: (label, sizes)."""
    network = getattr(torchvision.models, name)(weights=None).eval()
    found = []
    for layer, module in network.named_modules():
        if isinstance(module, torch.nn.Conv2d):
            def note(conv, inputs, _, label=f"{name}.{layer}"):
                _, channels, height, width = inputs[0].shape
                (kernel, kernel_x), (stride, stride_x), (padding, padding_x) = conv.kernel_size, conv.stride, conv.padding
                assert (kernel, stride, padding) == (kernel_x, stride_x, padding_x) and conv.dilation == (1, 1), label
                found.append((label, (height, width, channels, conv.out_channels, kernel, stride, padding, conv.groups)))
            module.register_forward_hook(note)
    with torch.no_grad():
        network(torch.zeros(1, 3, 224, 224))
    return found


def main():
    rows = {}
    for name in NETWORKS:
        for label, sizes in convolutions(name):
            row = rows.setdefault(sizes, {"label": label})
            row[name] = row.get(name, 0) + 1
    table = [["label", "height", "width", "inputs", "outputs", "kernel", "stride", "padding", "groups", *NETWORKS]]
    for sizes, row in rows.items():
        table.append([row["label"], *map(str, sizes), *(str(row.get(name, 0)) for name in NETWORKS)])
    widths = [max(len(line[column]) for line in table) for column in range(len(table[0]))]
    print("# The distinct convolutions of four networks for an image of 224 x 224, named after the first of each.")
    print("# Sizes are the input's; a network's column says how often it has this convolution. Made by peers/list_shapes.py.")
    for line in table:
        cells = [line[0].ljust(widths[0])] + [cell.rjust(width) for cell, width in zip(line[1:], widths[1:])]
        print("  ".join(cells).rstrip())


if __name__ == "__main__":
    main()
