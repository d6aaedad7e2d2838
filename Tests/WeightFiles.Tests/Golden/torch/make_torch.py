"""Makes this folder's files with PyTorch (made with torch 1.13): python3 make_torch.py

zip.pth, legacy.pth          every type and shape, in a checkpoint under state_dict; the older format names storages by their addresses, so that
                             its bytes differ each time
protocol3.pth .. 5.pth       a module's state dict by itself, in the pickle protocols that torch.save does not use by default
python2.pth, python2_zip.pth the same, with strings as Python 2 wrote them
checkpoint.pth               what training scripts put beside the weights
big.pth                      the zip format as a big-endian machine writes it
module.pth, script.pth, quantized.pth, sparse.pth, complex.pth     what is refused
"""

import argparse
import collections
import datetime
import os
import pathlib
import pickle
import struct
import types
import zipfile

import numpy as np
import torch

HERE = os.path.dirname(os.path.abspath(__file__))
TYPES = ["float32", "float64", "float16", "bfloat16", "int8", "int16", "int32", "int64", "uint8", "bool"]


def path(name):
    return os.path.join(HERE, name + ".pth")


class OldStrings(pickle._Pickler):
    """Writes strings as Python 2 did."""

    dispatch = dict(pickle._Pickler.dispatch)

    def save_old(self, text):
        data = text.encode("latin1")
        head = pickle.SHORT_BINSTRING + struct.pack("<B", len(data)) if len(data) < 256 else pickle.BINSTRING + struct.pack("<i", len(data))
        self.write(head + data)
        self.memoize(text)

    dispatch[str] = save_old


def dump_old(value, file, protocol=2):
    OldStrings(file, protocol).dump(value)


python2 = types.SimpleNamespace(Pickler=OldStrings, dump=dump_old, __name__="pickle")

base = torch.arange(24, dtype=torch.float32)
state = collections.OrderedDict((t, torch.tensor([[0, 1, 2], [3, 4, 5]]).to(getattr(torch, t))) for t in TYPES)
state["transposed"] = base.view(4, 6).t()
state["slice"] = base.view(2, 3, 4)[1, :, 1:3]
state["scalar"] = torch.tensor(7.5)
state["empty"] = torch.zeros(0, 3)
state["parameter"] = torch.nn.Parameter(base[4:8])

for name, zipped in (("zip", True), ("legacy", False)):
    torch.save({"epoch": 3, "lr": 0.1, "state_dict": state}, path(name), _use_new_zipfile_serialization=zipped)

layers = torch.nn.Sequential(collections.OrderedDict(conv=torch.nn.Conv2d(1, 2, 2), bn=torch.nn.BatchNorm2d(2)))
with torch.no_grad():
    layers.conv.weight.copy_(torch.arange(8.0).view(2, 1, 2, 2))
    layers.conv.bias.copy_(torch.tensor([-1.0, 0.5]))

for protocol in (3, 4, 5):
    torch.save(layers.state_dict(), path("protocol%d" % protocol), pickle_protocol=protocol)
torch.save(layers.state_dict(), path("python2"), pickle_module=python2, _use_new_zipfile_serialization=False)
torch.save(layers.state_dict(), path("python2_zip"), pickle_module=python2)

optimizer = torch.optim.Adam(layers.parameters(), lr=0.1)
layers(torch.ones(2, 1, 2, 2)).sum().backward()
weights = {k: v.clone() for k, v in layers.state_dict().items()}
optimizer.step()
schedule = torch.optim.lr_scheduler.MultiStepLR(optimizer, [2, 3])
torch.save({
    "model": weights, "optimizer": optimizer.state_dict(), "lr_scheduler": schedule.state_dict(), "epoch": 3, "best": np.float64(0.5),
    "args": argparse.Namespace(lr=0.1, name="run", milestones=[1, 2]), "when": datetime.datetime(2020, 1, 2), "out": pathlib.PurePosixPath("a/b"),
    "device": torch.device("cpu"), "dtype": torch.float16, "set": {1, 2}, "frozen": frozenset([3]), "curve": np.arange(3.0), "none": None,
    "large": 1 << 80, "complex": 1 + 2j, "bytes": b"abc", "size": torch.Size([1, 2]), "default": collections.defaultdict(list, a=[1])},
    path("checkpoint"))

with zipfile.ZipFile(path("zip")) as source, zipfile.ZipFile(path("big"), "w") as target:
    sizes = [torch.tensor([], dtype=getattr(torch, t)).element_size() for t in TYPES] + [4] * 5
    for item in source.namelist():
        data = source.read(item)
        key = item.split("/")[-1]
        if "/data/" in item:
            data = np.frombuffer(data, dtype="u%d" % sizes[int(key)]).byteswap().tobytes()
        target.writestr(zipfile.ZipInfo(item), data)
    target.writestr(zipfile.ZipInfo("zip/byteorder"), b"big")

torch.save(torch.nn.Linear(2, 2), path("module"))
torch.jit.save(torch.jit.script(torch.nn.Linear(2, 2)), path("script"))
torch.save({"w": torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.quint8)}, path("quantized"))
torch.save({"w": torch.eye(2).to_sparse()}, path("sparse"))
torch.save({"w": torch.ones(2, dtype=torch.complex64)}, path("complex"))
