#!/usr/bin/env python3
"""Writes published.json: what torchvision itself says about the weights of the networks that the registry has.

Usage: make_published.py > published.json   (Debian's python3-torchvision; nothing is downloaded)
"""

import json

from torchvision import models

NETWORKS = {
    "alexnet": models.AlexNet_Weights,
    "densenet121": models.DenseNet121_Weights,
    "densenet169": models.DenseNet169_Weights,
    "densenet201": models.DenseNet201_Weights,
    "mobilenet_v2": models.MobileNet_V2_Weights,
    "resnet18": models.ResNet18_Weights,
    "resnet34": models.ResNet34_Weights,
    "resnet50": models.ResNet50_Weights,
    "resnet101": models.ResNet101_Weights,
    "resnet152": models.ResNet152_Weights,
    "squeezenet1_1": models.SqueezeNet1_1_Weights,
    "vgg16": models.VGG16_Weights,
    "vgg16_bn": models.VGG16_BN_Weights,
}

rows = []
for network, weights in sorted(NETWORKS.items()):
    for version in weights:
        if not version.name.startswith("IMAGENET1K_V"):
            continue  # features of VGG-16 alone, in another normalization
        transform = version.transforms()
        assert transform.crop_size == [224]
        rows.append({
            "network": network,
            "variant": version.name.removeprefix("IMAGENET1K_").lower(),
            "url": version.url,
            "top1": version.meta["_metrics"]["ImageNet-1K"]["acc@1"],
            "resize": transform.resize_size[0],
        })

print(json.dumps(rows, indent=1))
