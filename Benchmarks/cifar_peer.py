"""PyTorch's side of `mlclassify train TRAIN --val TEST --recipe cifar --epochs N`: the same network, start, augmentation, optimizer and epochs.

    python3 cifar_peer.py FOLDER [--epochs 16] [--seed 0] [--threads 2]

FOLDER has train/<class>/ and test/<class>/ with 32 x 32 images. He et al. 2015, section 4.2: padded crops and mirror images, momentum 0.9,
weight decay 0.0001 on filters and matrices, batches of 128, a rate of 0.1 divided by ten at half and at three quarters of the epochs.
"""

import argparse
import os
import sys
import time

import numpy as np
import torch
from PIL import Image

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Tests", "Networks.Tests", "Golden"))
import make_golden  # noqa: E402

MEAN = torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1)
STD = torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1)


def read(folder):
    images, labels = [], []
    for label, name in enumerate(sorted(os.listdir(folder))):
        for file in sorted(os.listdir(os.path.join(folder, name))):
            with Image.open(os.path.join(folder, name, file)) as image:
                images.append(np.asarray(image.convert("RGB")))
            labels.append(label)
    return torch.from_numpy(np.stack(images)).permute(0, 3, 1, 2).contiguous(), torch.tensor(labels)


def vary(batch):
    """A window of 32 x 32 from the image with four black pixels around it, mirrored half the time; a draw an image."""
    padded = torch.nn.functional.pad(batch, (4, 4, 4, 4))
    places = torch.randint(0, 9, (len(batch), 2))
    cut = torch.stack([p[:, y:y + 32, x:x + 32] for p, (y, x) in zip(padded, places.tolist())])
    mirrored = torch.rand(len(batch)) < 0.5
    cut[mirrored] = cut[mirrored].flip(3)
    return cut


def normalize(batch):
    return (batch.float() / 255 - MEAN) / STD


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--epochs", type=int, default=16)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    a = parser.parse_args()
    torch.manual_seed(a.seed)
    torch.set_num_threads(a.threads)
    train, train_labels = read(os.path.join(a.folder, "train"))
    test, test_labels = read(os.path.join(a.folder, "test"))
    net = make_golden.cifar_resnet20(num_classes=10)
    for module in net.modules():
        if isinstance(module, (torch.nn.Conv2d, torch.nn.Linear)):
            torch.nn.init.kaiming_normal_(module.weight)
    decayed = [p for p in net.parameters() if p.dim() > 1]
    others = [p for p in net.parameters() if p.dim() <= 1]
    optimizer = torch.optim.SGD([{"params": decayed, "weight_decay": 1e-4}, {"params": others}], lr=0.1, momentum=0.9)
    schedule = torch.optim.lr_scheduler.MultiStepLR(optimizer, [a.epochs // 2, a.epochs * 3 // 4], 0.1)
    best = 0
    for epoch in range(a.epochs):
        start, net = time.time(), net.train()
        for part in torch.randperm(len(train)).split(128):
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(net(normalize(vary(train[part]))), train_labels[part]).backward()
            optimizer.step()
        schedule.step()
        seconds, net = time.time() - start, net.eval()
        with torch.no_grad():
            correct = sum((net(normalize(test[i:i + 250])).argmax(1) == test_labels[i:i + 250]).sum().item() for i in range(0, len(test), 250))
        best = max(best, correct / len(test))
        print("epoch %d/%d: %.2f %%, best %.2f %%, %.0f s" % (epoch + 1, a.epochs, 100 * correct / len(test), 100 * best, seconds), flush=True)


if __name__ == "__main__":
    main()
