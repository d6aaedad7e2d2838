#!/usr/bin/env python3
"""Writes schedules.txt and optimizers.txt: what PyTorch's schedulers and optimisers do. Needs PyTorch 1.13 or later."""
import os
import torch

here = os.path.dirname(os.path.abspath(__file__))


def schedule(name, make, steps, momentum):
    parameter = torch.nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.SGD([parameter], lr=1.0, momentum=0.9)
    scheduler = make(optimizer)
    for step in range(steps):
        group = optimizer.param_groups[0]
        yield f"{name} {step} {steps} {group['lr']!r} {group['momentum'] if momentum else '-'}"
        optimizer.step()
        scheduler.step()


lr = torch.optim.lr_scheduler
with open(os.path.join(here, "schedules.txt"), "w") as out:
    for steps in (20, 7):
        for line in schedule("cosine", lambda o: lr.CosineAnnealingLR(o, T_max=steps), steps, False):
            print(line, file=out)
        for line in schedule("onecycle", lambda o: lr.OneCycleLR(o, max_lr=1.0, total_steps=steps + 1), steps + 1, True):
            print(line, file=out)
        for line in schedule("step", lambda o: lr.StepLR(o, step_size=3, gamma=0.1), steps, False):
            print(line, file=out)

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
