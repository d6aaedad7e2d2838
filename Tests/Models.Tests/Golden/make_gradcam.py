"""Makes gradcam.json with PyTorch and torchvision (made with torch 1.13, torchvision 0.14), in float64:

    python3 make_gradcam.py

Heat maps as Selvaraju et al. 2017 (arXiv:1610.02391) define them, for networks and inputs whose values both sides make by formula
(make_golden.py in Networks.Tests). peak is the largest evidence, values the map divided by it; two classes a network: the likeliest, and
the least likely, of which some have an empty map.
"""

import json
import os
import sys

import torch

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "Networks.Tests", "Golden"))

import make_golden as golden  # noqa: E402

functional = torch.nn.functional


def resnet(m):
    def front(x):
        x = m.maxpool(m.relu(m.bn1(m.conv1(x))))
        return m.layer4(m.layer3(m.layer2(m.layer1(x))))
    return front, lambda a: m.fc(a.mean((2, 3)))


def densenet(m):
    return lambda x: functional.relu(m.features(x)), lambda a: m.classifier(a.mean((2, 3)))


def squeezenet(m):
    return m.features, lambda a: m.classifier(a).flatten(1)


def mobilenet(m):
    return m.features, lambda a: m.classifier(a.mean((2, 3)))


def alexnet(m):
    # features[11] is the last rectifier, features[12] the last pooling
    return m.features[:12], lambda a: m.classifier(m.avgpool(m.features[12:](a)).flatten(1))


NETWORKS = [
    ("resnet18", golden.models.resnet18, resnet, 97, 131),
    ("seresnet50", golden.seresnet50, resnet, 97, 75),
    ("densenet121", golden.models.densenet121, densenet, 96, 131),
    ("squeezenet1_1", golden.models.squeezenet1_1, squeezenet, 97, 131),
    ("mobilenet_v2", golden.models.mobilenet_v2, mobilenet, 97, 131),
    ("alexnet_half", golden.AlexNetHalf, alexnet, 127, 163),
]


def main():
    cases = []
    for name, constructor, split, height, width in NETWORKS:
        model = golden.build(constructor).eval()
        front, back = split(model)
        x = golden.make_input(1, height, width)
        activations = front(x).detach().requires_grad_()
        logits = back(activations)[0]
        assert torch.allclose(logits, model(x)[0])
        for label in (int(logits.argmax()), int(logits.argmin())):
            gradient, = torch.autograd.grad(logits[label], activations, retain_graph=True)
            weights = gradient.mean((2, 3), keepdim=True)
            evidence = functional.relu((weights * activations).sum(1))[0].detach()
            peak = float(evidence.max())
            values = evidence / peak if peak > 0 else evidence
            cases.append({
                "network": name, "height": height, "width": width, "label": label, "logit": float("%.9g" % logits[label]),
                "map_height": evidence.shape[0], "map_width": evidence.shape[1], "peak": float("%.9g" % peak),
                "values": [float("%.7g" % v) for v in values.flatten().tolist()]})
            print(name, label, peak, tuple(evidence.shape), int((values > 0).sum()))
    with open(os.path.join(HERE, "gradcam.json"), "w", newline="\n") as f:
        json.dump(cases, f, indent=1)
        f.write("\n")


if __name__ == "__main__":
    main()
