#!/usr/bin/env python3
"""Writes augmentation_golden.csv and augmentation.bin: bytes [H, W, 3] as torchvision's functions and Pillow give them.

Pictures are noise from a hash of the byte's index (see TestPictures.cs), or that noise with less contrast ("soft"), so none is stored. The
outputs follow each other in the order of the table's rows. Needs torchvision 0.14 and Pillow.
"""
import csv
import math
import os

import numpy
import torch
from PIL import Image
from torchvision.transforms import InterpolationMode
from torchvision.transforms import functional as F

FOLDER = os.path.dirname(os.path.abspath(__file__))
MEAN = (124, 116, 104)
BLACK = (0, 0, 0)
BILINEAR = InterpolationMode.BILINEAR


def picture(kind, width, height):
    index = numpy.arange(width * height * 3, dtype=numpy.uint64) + numpy.uint64(width * 31 + height)
    mask = numpy.uint64(0xFFFFFFFF)
    value = (index * numpy.uint64(2654435761)) & mask
    value ^= value >> numpy.uint64(15)
    value = (value * numpy.uint64(0x85EBCA6B)) & mask
    value ^= value >> numpy.uint64(13)
    noise = (value >> numpy.uint64(24)).astype(numpy.int64)
    if kind == "soft":
        noise = 40 + noise * 5 // 8
    return Image.fromarray(noise.astype(numpy.uint8).reshape(height, width, 3), "RGB")


def tensor(image):
    return torch.from_numpy(numpy.array(image)).permute(2, 0, 1).contiguous()


def array(result):
    if isinstance(result, torch.Tensor):
        return result.permute(1, 2, 0).numpy()
    return numpy.array(result)


def shear(image, x, y, fill):
    degrees = [math.degrees(math.atan(x)), math.degrees(math.atan(y))]
    return F.affine(image, 0, [0, 0], 1, degrees, BILINEAR, fill, center=[0, 0])


def translate_fraction(image, x, y, fill):
    # torchvision translates by whole pixels on tensors and pictures alike; Pillow's transform takes any.
    return image.transform(image.size, Image.AFFINE, (1, 0, -x, 0, 1, -y), Image.BILINEAR, fillcolor=fill)


def pad_crop(image, right, down):
    pad = 8
    return F.crop(F.pad(image, pad), pad - down, pad - right, image.height, image.width)


def erase(image, x, y, w, h):
    value = torch.tensor(MEAN, dtype=torch.uint8)[:, None, None]
    return F.erase(tensor(image), y, x, h, w, value)


def pca(image, *alphas):
    values = numpy.array([0.2175, 0.0188, 0.0045])
    vectors = numpy.array([[-0.5675, 0.7192, 0.4009], [-0.5808, -0.0045, -0.8140], [-0.5836, -0.6948, 0.4203]])
    light = vectors @ (values * numpy.array(alphas))
    return numpy.clip(numpy.rint(numpy.array(image) + 255 * light), 0, 255).astype(numpy.uint8)


FUNCTIONS = {
    "brightness": F.adjust_brightness,
    "contrast": F.adjust_contrast,
    "saturation": F.adjust_saturation,
    "hue": lambda image, turn: F.adjust_hue(tensor(image), turn),
    "sharpness": F.adjust_sharpness,
    "posterize": lambda image, bits: F.posterize(image, int(bits)),
    "solarize": F.solarize,
    "autocontrast": F.autocontrast,
    "equalize": F.equalize,
    "rotate": lambda image, degrees: F.rotate(image, degrees, BILINEAR, fill=MEAN),
    "rotate_black": lambda image, degrees: F.rotate(image, degrees, BILINEAR, fill=BLACK),
    "shear_x": lambda image, x: shear(image, x, 0, MEAN),
    "shear_y": lambda image, y: shear(image, 0, y, MEAN),
    "translate": lambda image, x, y: translate_fraction(image, x, y, MEAN),
    "translate_whole": lambda image, x, y: F.affine(image, 0, [int(x), int(y)], 1, [0, 0], BILINEAR, MEAN),
    "pad_crop": lambda image, x, y: pad_crop(image, int(x), int(y)),
    "erase": lambda image, x, y, w, h: erase(image, int(x), int(y), int(w), int(h)),
    "pca": pca,
}

CASES = [
    ("brightness", "noise", 13, 11, [0.3]),
    ("brightness", "noise", 13, 11, [1.7]),
    ("contrast", "noise", 13, 11, [0.25]),
    ("contrast", "soft", 13, 11, [1.9]),
    ("saturation", "noise", 13, 11, [0.0]),
    ("saturation", "noise", 13, 11, [0.6]),
    ("saturation", "soft", 13, 11, [1.8]),
    ("hue", "noise", 16, 12, [0.1]),
    ("hue", "noise", 16, 12, [-0.1]),
    ("hue", "noise", 16, 12, [0.5]),
    ("hue", "soft", 16, 12, [-0.37]),
    ("sharpness", "noise", 13, 11, [0.0]),
    ("sharpness", "noise", 13, 11, [0.01]),
    ("sharpness", "soft", 13, 11, [1.99]),
    ("sharpness", "noise", 2, 5, [1.5]),
    ("posterize", "noise", 13, 5, [2]),
    ("posterize", "noise", 13, 5, [5]),
    ("posterize", "noise", 13, 5, [8]),
    ("solarize", "noise", 13, 5, [127.5]),
    ("solarize", "noise", 13, 5, [0.0]),
    ("solarize", "noise", 13, 5, [255.0]),
    ("autocontrast", "soft", 13, 11, []),
    ("autocontrast", "noise", 1, 1, []),
    ("equalize", "soft", 48, 40, []),
    ("equalize", "noise", 40, 31, []),
    ("equalize", "noise", 9, 5, []),
    ("rotate", "noise", 17, 17, [10.0]),
    ("rotate", "noise", 21, 14, [-33.0]),
    ("rotate", "soft", 14, 21, [135.0]),
    ("rotate_black", "soft", 16, 16, [45.0]),
    ("rotate", "noise", 16, 16, [90.0]),
    ("rotate", "noise", 15, 12, [180.0]),
    ("shear_x", "noise", 17, 14, [0.33]),
    ("shear_x", "noise", 17, 14, [-0.99]),
    ("shear_y", "noise", 17, 14, [0.231]),
    ("shear_y", "soft", 17, 14, [-0.693]),
    ("translate", "noise", 17, 14, [2.3, -1.65]),
    ("translate", "noise", 17, 14, [-0.5, 0.25]),
    ("translate_whole", "noise", 17, 14, [5, -3]),
    ("pad_crop", "noise", 12, 12, [4, -2]),
    ("pad_crop", "noise", 12, 12, [-3, 1]),
    ("pad_crop", "noise", 12, 12, [0, 8]),
    ("erase", "noise", 12, 12, [3, 2, 6, 4]),
    ("pca", "soft", 13, 11, [0.1, -0.2, 0.15]),
    ("pca", "noise", 13, 11, [-1.2, 0.9, 2.0]),
]


def main():
    with open(os.path.join(FOLDER, "augmentation_golden.csv"), "w", newline="\n") as table, open(
        os.path.join(FOLDER, "augmentation.bin"), "wb"
    ) as data:
        writer = csv.writer(table, lineterminator="\n")
        writer.writerow("operation picture width height values offset".split())
        for operation, kind, width, height, values in CASES:
            writer.writerow([operation, kind, width, height, " ".join(str(v) for v in values), data.tell()])
            result = array(FUNCTIONS[operation](picture(kind, width, height), *values))
            assert result.shape == (height, width, 3) and result.dtype == numpy.uint8, operation
            data.write(numpy.ascontiguousarray(result).tobytes())


if __name__ == "__main__":
    main()
