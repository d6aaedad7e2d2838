"""Makes this folder's files with PyTorch (made with torch 1.13): python3 make_torch.py"""

import collections
import os

import torch

HERE = os.path.dirname(os.path.abspath(__file__))
TYPES = ["float32", "float64", "float16", "bfloat16", "int8", "int16", "int32", "int64", "uint8", "bool"]

base = torch.arange(24, dtype=torch.float32)
state = collections.OrderedDict((t, torch.tensor([[0, 1, 2], [3, 4, 5]]).to(getattr(torch, t))) for t in TYPES)
state["transposed"] = base.view(4, 6).t()
state["slice"] = base.view(2, 3, 4)[1, :, 1:3]
state["scalar"] = torch.tensor(7.5)
state["empty"] = torch.zeros(0, 3)
state["parameter"] = torch.nn.Parameter(base[4:8])

for name, zipped in (("zip", True), ("legacy", False)):
    torch.save({"epoch": 3, "lr": 0.1, "state_dict": state}, os.path.join(HERE, name + ".pth"), _use_new_zipfile_serialization=zipped)
