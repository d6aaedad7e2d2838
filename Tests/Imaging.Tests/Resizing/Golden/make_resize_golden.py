#!/usr/bin/env python3
"""Writes resize_golden.csv: SHA-256 of what Pillow's Image.resize gives, a case a line.

Pictures are made from a hash of the byte's index (see TestPictures.cs), so none is stored.
A case is: cut (x, y, w, h) out of a width x height picture, resize to out_width x out_height.
"""
import csv
import hashlib
import os

import numpy
from PIL import Image

FILTERS = {"nearest": Image.NEAREST, "bilinear": Image.BILINEAR, "bicubic": Image.BICUBIC}


def picture(width, height, seed):
    index = numpy.arange(width * height * 3, dtype=numpy.uint64) + numpy.uint64(seed)
    mask = numpy.uint64(0xFFFFFFFF)
    value = (index * numpy.uint64(2654435761)) & mask
    value ^= value >> numpy.uint64(15)
    value = (value * numpy.uint64(0x85EBCA6B)) & mask
    value ^= value >> numpy.uint64(13)
    noise = (value >> numpy.uint64(24)).astype(numpy.uint8)
    return Image.fromarray(noise.reshape(height, width, 3), "RGB")


CASES = [
    # width, height, x, y, w, h, out_width, out_height
    (1, 1, 0, 0, 1, 1, 7, 5),
    (1, 40, 0, 0, 1, 40, 8, 8),
    (40, 1, 0, 0, 40, 1, 8, 8),
    (2, 2, 0, 0, 2, 2, 3, 3),
    (5, 3, 0, 0, 5, 3, 5, 3),
    (17, 13, 0, 0, 17, 13, 9, 13),
    (17, 13, 0, 0, 17, 13, 17, 5),
    (31, 29, 0, 0, 31, 29, 97, 101),
    (64, 48, 0, 0, 64, 48, 32, 24),
    (64, 48, 3, 5, 37, 41, 24, 24),
    (64, 48, 63, 47, 1, 1, 4, 4),
    (64, 48, 20, 0, 44, 48, 11, 50),
    (100, 75, 0, 0, 100, 75, 341, 256),
    (341, 256, 0, 0, 341, 256, 298, 224),
    (341, 256, 11, 23, 190, 201, 224, 224),
    (500, 375, 0, 0, 500, 375, 341, 256),
    (1200, 900, 0, 0, 1200, 900, 341, 256),
    (1201, 7, 0, 0, 1201, 7, 3, 3),
    (7, 1201, 0, 0, 7, 1201, 3, 3),
    (2000, 1500, 100, 50, 1800, 1400, 10, 10),
]


def main():
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "resize_golden.csv")
    with open(path, "w", newline="\n") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow("width height x y w h out_width out_height filter sha256".split())
        for case in CASES:
            width, height, x, y, w, h, out_width, out_height = case
            cut = picture(width, height, width * 31 + height).crop((x, y, x + w, y + h))
            for name, filter_id in FILTERS.items():
                pixels = cut.resize((out_width, out_height), filter_id).tobytes()
                writer.writerow([*case, name, hashlib.sha256(pixels).hexdigest()])


if __name__ == "__main__":
    main()
