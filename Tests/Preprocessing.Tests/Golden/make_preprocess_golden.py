#!/usr/bin/env python3
"""Writes preprocess_golden.csv and NAME.bin: float32 [H, W, 3] as torchvision's transforms give them on Pillow pictures.

Pictures are made from a hash of the byte's index (see TestPictures.cs), so none is stored. Of a large output only every STEP-th number
is kept.
"""
import csv
import os

import numpy
from PIL import Image
from torchvision import transforms

FOLDER = os.path.dirname(os.path.abspath(__file__))
FILTERS = {
    "nearest": transforms.InterpolationMode.NEAREST,
    "bilinear": transforms.InterpolationMode.BILINEAR,
    "bicubic": transforms.InterpolationMode.BICUBIC,
}
IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
HALF = ((0.5,) * 3, (0.5,) * 3)

CASES = [
    # name, width, height, resize rule, resize, crop, filter, normalization, channel order, step
    ("landscape", 60, 45, "short_side", 40, 32, "bilinear", "imagenet", "rgb", 1),
    ("portrait", 31, 97, "short_side", 40, 32, "bilinear", "imagenet", "rgb", 1),
    ("odd", 57, 43, "short_side", 37, 30, "bilinear", "half", "rgb", 1),
    ("upscaled", 5, 3, "short_side", 20, 17, "bilinear", "imagenet", "rgb", 1),
    ("column", 1, 50, "short_side", 18, 16, "bilinear", "imagenet", "rgb", 1),
    ("row", 77, 1, "short_side", 18, 16, "bilinear", "imagenet", "rgb", 1),
    ("stretched", 60, 45, "stretch", 24, 20, "bilinear", "imagenet", "bgr", 1),
    ("cubic", 60, 45, "short_side", 28, 24, "bicubic", "imagenet", "rgb", 1),
    ("nearest", 60, 45, "short_side", 28, 24, "nearest", "imagenet", "rgb", 1),
    ("cropped", 33, 40, "none", 0, 24, "bilinear", "half", "rgb", 1),
    ("padded", 13, 30, "none", 0, 24, "bilinear", "half", "rgb", 1),
    ("imagenet", 300, 200, "short_side", 256, 224, "bilinear", "imagenet", "rgb", 101),
    ("photo", 1024, 768, "short_side", 256, 224, "bilinear", "imagenet", "rgb", 101),
]


def picture(width, height):
    index = numpy.arange(width * height * 3, dtype=numpy.uint64) + numpy.uint64(width * 31 + height)
    mask = numpy.uint64(0xFFFFFFFF)
    value = (index * numpy.uint64(2654435761)) & mask
    value ^= value >> numpy.uint64(15)
    value = (value * numpy.uint64(0x85EBCA6B)) & mask
    value ^= value >> numpy.uint64(13)
    noise = (value >> numpy.uint64(24)).astype(numpy.uint8)
    return Image.fromarray(noise.reshape(height, width, 3), "RGB")


def main():
    with open(os.path.join(FOLDER, "preprocess_golden.csv"), "w", newline="\n") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow("name width height resize resize_size crop_size interpolation normalization channel_order step".split())
        for case in CASES:
            name, width, height, rule, resize, crop, filter_name, normalization, order, step = case
            steps = []
            if rule == "short_side":
                steps.append(transforms.Resize(resize, FILTERS[filter_name]))
            elif rule == "stretch":
                steps.append(transforms.Resize((resize, resize), FILTERS[filter_name]))
            mean, std = IMAGENET if normalization == "imagenet" else HALF
            steps += [transforms.CenterCrop(crop), transforms.ToTensor(), transforms.Normalize(mean, std)]
            tensor = transforms.Compose(steps)(picture(width, height))
            values = tensor.permute(1, 2, 0).numpy()
            if order == "bgr":
                values = values[:, :, ::-1]
            values = numpy.ascontiguousarray(values, dtype="<f4").reshape(-1)[::step]
            values.tofile(os.path.join(FOLDER, name + ".bin"))
            writer.writerow(case)


if __name__ == "__main__":
    main()
