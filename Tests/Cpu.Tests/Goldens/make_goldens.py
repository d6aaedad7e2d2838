#!/usr/bin/env python3
"""Writes optimizers.txt: what PyTorch's optimizers do. Needs PyTorch 1.13 or later."""
import os
import torch

here = os.path.dirname(os.path.abspath(__file__))

start = [0.5, -1.25, 2.0, 0.0, -0.03125]
cases = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.1),
    "momentum": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.01),
    "nesterov": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.01, nesterov=True),
    "adam": lambda p: torch.optim.Adam(p, lr=0.1, weight_decay=0.01),
    "adamw": lambda p: torch.optim.AdamW(p, lr=0.1, weight_decay=0.01),
}
with open(os.path.join(here, "optimizers.txt"), "w") as out:
    for name, make in cases.items():
        parameter = torch.nn.Parameter(torch.tensor(start, dtype=torch.float64))
        optimizer = make([parameter])
        for step in range(5):
            # Any gradient will do that depends on the value and changes from step to step.
            parameter.grad = parameter.detach() * (1 + step) - 0.25
            optimizer.step()
            print(name, step, *(repr(v) for v in parameter.tolist()), file=out)
