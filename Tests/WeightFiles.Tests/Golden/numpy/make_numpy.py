"""Makes this folder's files with NumPy (made with numpy 1.24): python3 make_numpy.py

c.npy, fortran.npy, big.npy, scalar.npy, empty.npy, version2.npy, version3.npy    one array each
types.npz, types_deflated.npz                                                      every type, several orders, and text
dict_python2.npy, dict2.npy .. dict5.npy    a dictionary of lists of arrays, as bvlc_alexnet.npy is, by pickle protocol; python2: with
                                            strings as Python 2 wrote them
nested.npz                                  such a dictionary as an array of objects in an archive, deflated
alexnet.json                                logits of Caffe's AlexNet, computed here in float64 from weights made by formula in TensorFlow's
                                            layout, for pixels made by formula: what alexnet_paper must give for the same pictures
"""

import io
import json
import os
import pickle
import struct

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
TYPES = ["<f2", "<f4", "<f8", "|b1", "|i1", "|u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8", ">f2", ">f4", ">f8", ">i2", ">u4", ">i8"]


def path(name):
    return os.path.join(HERE, name)


class OldStrings(pickle._Pickler):
    """Writes strings and bytes as Python 2 did."""

    dispatch = dict(pickle._Pickler.dispatch)

    def save_old(self, value):
        data = value.encode("latin1") if isinstance(value, str) else value
        head = pickle.SHORT_BINSTRING + struct.pack("<B", len(data)) if len(data) < 256 else pickle.BINSTRING + struct.pack("<i", len(data))
        self.write(head + data)
        self.memoize(value)

    dispatch[str] = save_old
    dispatch[bytes] = save_old


def save_objects(file, value, protocol, pickler=pickle._Pickler):
    array = np.array(value, dtype=object)
    np.lib.format.write_array_header_1_0(file, {"descr": "|O", "fortran_order": False, "shape": array.shape})
    pickler(file, protocol).dump(array)


def save_arrays():
    values = np.arange(6, dtype="<f4").reshape(2, 3)
    np.save(path("c.npy"), values)
    np.save(path("fortran.npy"), np.asfortranarray(np.arange(24.0).reshape(2, 3, 4)))
    np.save(path("big.npy"), values.astype(">f4"))
    np.save(path("scalar.npy"), np.float32(7.5))
    np.save(path("empty.npy"), np.zeros((0, 3), "<f4"))
    for version in (2, 3):
        with open(path("version%d.npy" % version), "wb") as file:
            np.lib.format.write_array(file, values, version=(version, 0))
    arrays = {t.replace("<", "little_").replace(">", "big_").replace("|", ""): np.arange(6).reshape(2, 3).astype(t) for t in TYPES}
    arrays["fortran"] = np.asfortranarray(np.arange(24).reshape(2, 3, 4).astype(">i2"))
    arrays["conv1/weights"] = values
    arrays["labels"] = np.array(["a", "b"])
    np.savez(path("types.npz"), **arrays)
    np.savez_compressed(path("types_deflated.npz"), **arrays)


def save_dictionaries():
    weights = np.arange(96, dtype="<f4").reshape(4, 2, 3, 4) - 40
    value = {
        "conv1": [weights, np.arange(4, dtype="<f4")],
        "fc6": {"weights": np.asfortranarray(np.arange(24.0).reshape(8, 3)), "biases": np.arange(3, dtype=">f8")},
        "epoch": 3, "name": "bvlc", "none": None, "best": np.float32(0.5)}
    with open(path("dict_python2.npy"), "wb") as file:
        save_objects(file, value, 2, OldStrings)
    for protocol in (2, 3, 4, 5):
        with open(path("dict%d.npy" % protocol), "wb") as file:
            save_objects(file, value, protocol)
    np.savez_compressed(path("nested.npz"), model=np.array(value, dtype=object), step=np.array(3))


def seed_of(name):
    seed = 2166136261
    for byte in name.encode():
        seed = ((seed ^ byte) * 16777619) & 0xFFFFFFFF
    return seed


def uniform(name, count):
    """FNV-1a of the name and MurmurHash3's finalizer of the index, in [-1, 1), as in make_golden.py."""
    h = np.uint32(seed_of(name)) + np.arange(count, dtype=np.uint32) * np.uint32(0x9E3779B9)
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        h ^= h >> np.uint32(shift)
        h *= np.uint32(factor)
    h ^= h >> np.uint32(16)
    return h / 2147483648.0 - 1


def layer(name, shape):
    fan_in = int(np.prod(shape[:-1]))
    weights = (uniform(name + ".0", int(np.prod(shape))) * np.sqrt(6.0 / fan_in)).astype(np.float32)
    biases = (uniform(name + ".1", shape[-1]) * 0.1).astype(np.float32)
    return weights.astype(np.float64).reshape(shape), biases.astype(np.float64)


def conv(x, name, shape, stride=1, padding=0, groups=1):
    weights, biases = layer(name, shape)
    x = np.pad(x, ((padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(x, shape[:2], (0, 1))[::stride, ::stride]
    inputs, outputs = shape[2], shape[3] // groups
    parts = []
    for g in range(groups):
        part = windows[:, :, g * inputs:(g + 1) * inputs]
        parts.append(np.tensordot(part, weights[..., g * outputs:(g + 1) * outputs], ((3, 4, 2), (0, 1, 2))))
    return np.maximum(np.concatenate(parts, 2) + biases, 0)


def norm(x):
    """Caffe's: size 5, alpha 1e-4 / 5, beta 0.75, k 1."""
    squares = np.pad(x * x, ((0, 0), (0, 0), (2, 2)))
    return x / (1 + 2e-5 * sum(squares[..., i:i + x.shape[2]] for i in range(5))) ** 0.75


def pool(x):
    return np.lib.stride_tricks.sliding_window_view(x, (3, 3), (0, 1))[::2, ::2].max((3, 4))


def alexnet():
    pixels = np.floor((uniform("pixels", 227 * 227 * 3) + 1) * 128).reshape(227, 227, 3)
    x = pixels[..., ::-1] - np.array([104.00698793, 116.66876762, 122.67891434])
    x = pool(norm(conv(x, "conv1", (11, 11, 3, 96), stride=4)))
    x = pool(norm(conv(x, "conv2", (5, 5, 48, 256), padding=2, groups=2)))
    x = conv(x, "conv3", (3, 3, 256, 384), padding=1)
    x = conv(x, "conv4", (3, 3, 192, 384), padding=1, groups=2)
    x = pool(conv(x, "conv5", (3, 3, 192, 256), padding=1, groups=2)).reshape(-1)
    for name, shape in (("fc6", (9216, 4096)), ("fc7", (4096, 4096)), ("fc8", (4096, 10))):
        weights, biases = layer(name, shape)
        x = x @ weights + biases
        x = x if name == "fc8" else np.maximum(x, 0)
    with open(path("alexnet.json"), "w") as file:
        json.dump({"logits": [float(v) for v in x]}, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    save_arrays()
    save_dictionaries()
    alexnet()
