#!/usr/bin/env python3
"""Writes schedules.txt: what PyTorch's schedulers do. Needs PyTorch 1.13 or later."""
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
