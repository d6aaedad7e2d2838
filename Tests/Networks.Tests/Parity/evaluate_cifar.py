"""What PyTorch finds on CIFAR-10's test files with the CIFAR ResNets' weights:

    python3 evaluate_cifar.py cifar_resnet20|cifar_resnet56 WEIGHTS FOLDER [PREDICTIONS]

FOLDER has one folder of images a class, in the order of the labels when sorted by name. Pillow decodes; the images are 32 x 32 and
stay so; ImageNet's mean and standard deviation, with which these weights were trained. PREDICTIONS gets a line an image. Next to it:

    mlclassify evaluate --backbone cifar_resnet20 --weights WEIGHTS FOLDER
"""

import os
import sys

import numpy as np
import torch
from PIL import Image

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Golden"))
import make_golden  # noqa: E402

MEAN = torch.tensor([0.485, 0.456, 0.406]).view(3, 1, 1)
STD = torch.tensor([0.229, 0.224, 0.225]).view(3, 1, 1)


def load(path):
    with Image.open(path) as image:
        pixels = np.asarray(image.convert("RGB"), dtype=np.float32)
    return (torch.from_numpy(pixels).permute(2, 0, 1) / 255 - MEAN) / STD


def main(name, weights, folder, predictions=None):
    state = torch.load(weights, map_location="cpu")["state_dict"]
    model = getattr(make_golden, name)(num_classes=10)
    model.load_state_dict({key[len("module."):]: value for key, value in state.items()})
    model.eval()
    samples = [(os.path.join(folder, c, f), label) for label, c in enumerate(sorted(os.listdir(folder)))
               for f in sorted(os.listdir(os.path.join(folder, c)))]
    correct, lines = 0, []
    with torch.no_grad():
        for start in range(0, len(samples), 250):
            part = samples[start:start + 250]
            found = model(torch.stack([load(path) for path, _ in part])).argmax(1).tolist()
            correct += sum(f == label for f, (_, label) in zip(found, part))
            lines += ["%s,%d" % (os.path.relpath(path, folder), f) for f, (path, _) in zip(found, part)]
    print("%s: %d of %d right" % (name, correct, len(samples)))
    if predictions:
        with open(predictions, "w") as f:
            f.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
