"""Images as practitioners have them, painted here, through two builds of the tool: what each says of them.

    python3 Benchmarks/data_problems.py --after "dotnet Cli/bin/Release/net10.0/MLClassify.Cli.dll" [--before "dotnet OLDER/MLClassify.Cli.dll"]
        [--only NAME ...] [--keep DIR]

Needs Python's standard library alone. Each case paints its pictures with a fixed seed, runs the commands and prints the lines that matter, as
docs/data-problems.md has them. Where --before is missing, the option that turns the new behavior off is used where there is one.
"""
import argparse
import os
import random
import re
import shlex
import shutil
import struct
import subprocess
import tempfile
import zlib

HEAD = ["--weights", "embedded", "--seed", "42"]
SMALL = ["--backbone", "cifar_resnet20", "--weights", "none", "--image-size", "32", "--batch-size", "16", "--seed", "42"]
WHOLE = SMALL + ["--epochs", "20", "--lr", "0.05"]
LONG = SMALL + ["--epochs", "40", "--optimizer", "adamw", "--lr", "0.003"]


class Picture:
    """RGB pixels, painted by rectangles and disks."""

    def __init__(self, width, height, color=(110, 110, 110), noise=12, rng=random):
        self.width, self.height = width, height
        tables = [bytes(max(0, min(255, c + (v * (2 * noise + 1) // 256) - noise)) for v in range(256)) for c in color]
        planes = [rng.randbytes(width * height).translate(table) for table in tables]
        self.pixels = bytearray(3 * width * height)
        for channel, plane in enumerate(planes):
            self.pixels[channel::3] = plane

    def rectangle(self, x0, y0, x1, y1, color):
        x0, x1 = max(0, int(x0)), min(self.width, int(x1))
        if x1 > x0:
            for y in range(max(0, int(y0)), min(self.height, int(y1))):
                self.pixels[3 * (y * self.width + x0):3 * (y * self.width + x1)] = bytes(color) * (x1 - x0)

    def disk(self, x, y, radius, color):
        for row in range(int(y - radius), int(y + radius) + 1):
            half = (radius * radius - (row - y) ** 2)
            if half > 0:
                half = half ** 0.5
                self.rectangle(x - half, row, x + half, row + 1, color)

    def crop(self, x, y, width, height):
        part = Picture(1, 1)
        part.width, part.height = width, height
        part.pixels = bytearray(b"".join(self.pixels[3 * ((y + row) * self.width + x):3 * ((y + row) * self.width + x + width)] for row in range(height)))
        return part

    def save(self, path):
        rows = b"".join(b"\0" + self.pixels[3 * y * self.width:3 * (y + 1) * self.width] for y in range(self.height))
        png(path, self.width, self.height, 8, 2, rows)


def png(path, width, height, bits, kind, rows):
    os.makedirs(os.path.dirname(path), exist_ok=True)

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, kind, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b""))


def color(rng):
    return tuple(rng.randrange(30, 240) for _ in range(3))


def shape(rng, kind, size=64):
    """One thing of a class, anywhere, in any color."""
    picture = Picture(size, size, color(rng), 14, rng)
    x, y, r, c = rng.uniform(0.4, 0.6) * size, rng.uniform(0.4, 0.6) * size, rng.uniform(0.2, 0.3) * size, color(rng)
    if kind == "disk":
        picture.disk(x, y, r, c)
    elif kind == "square":
        picture.rectangle(x - r, y - r, x + r, y + r, c)
    elif kind == "cross":
        picture.rectangle(x - r, y - r / 4, x + r, y + r / 4, c)
        picture.rectangle(x - r / 4, y - r, x + r / 4, y + r, c)
    else:
        for i in range(4):
            picture.rectangle(x - r, y - r + i * r / 2, x + r, y - r + i * r / 2 + r / 5, c)
    return picture


def shapes(root, counts, seed, size=64):
    rng = random.Random(seed)
    for name, count in counts.items():
        for i in range(count):
            shape(rng, name.split("/")[-1], size).save(f"{root}/{name}/{i:03}.png")


def photos(root):
    """120 photos, five crops each, one label drawn by lot for each photo: half can be right."""
    rng = random.Random(1)
    for photo in range(120):
        whole = Picture(96, 96, color(rng), 10, rng)
        for _ in range(14):
            if rng.random() < 0.5:
                whole.disk(rng.randrange(96), rng.randrange(96), rng.randrange(4, 16), color(rng))
            else:
                x, y = rng.randrange(96), rng.randrange(96)
                whole.rectangle(x, y, x + rng.randrange(5, 30), y + rng.randrange(5, 30), color(rng))
        label = rng.choice(["even", "odd"])
        for crop in range(5):
            whole.crop(rng.randrange(14), rng.randrange(14), 82, 82).save(f"{root}/{label}/{crop}_patient{photo:03}.png")


def edge(root):
    """640 x 640; chips lie in the outer 32 pixels of the bad ones."""
    rng = random.Random(2)
    for label in ("bad", "good"):
        for i in range(60):
            picture = Picture(640, 640, (150, 150, 160), 10, rng)
            for _ in range(10 if label == "bad" else 0):
                along, across = rng.randrange(640), rng.choice([rng.randrange(4, 26), rng.randrange(614, 636)])
                x, y = (along, across) if rng.random() < 0.5 else (across, along)
                picture.disk(x, y, rng.randrange(8, 16), (30, 25, 20))
            picture.save(f"{root}/{label}/{i:03}.png")


def strips(root):
    """1000 x 60; knots anywhere, more in one class."""
    rng = random.Random(3)
    for label in ("clear", "knotty"):
        for i in range(80):
            picture = Picture(1000, 60, (190, 150, 100), 14, rng)
            for _ in range(1 if label == "knotty" else 0):
                x = rng.choice([rng.randrange(40, 420), rng.randrange(580, 960)])
                picture.disk(x, 30, 24, (70, 40, 20))
            picture.save(f"{root}/{label}/{i:03}.png")


def unlike(root):
    shapes(root, {"cross": 6, "disk": 5, "stripes": 4, "square": 120}, 4)


def bits(root):
    """Four textures, dark, in the low 12 of 16 bits."""
    rng = random.Random(5)
    for label, period in (("fine", 5), ("medium", 9), ("coarse", 17)):
        for i in range(60):
            phase, level, step = rng.randrange(period), rng.randrange(60, 200), rng.randrange(30, 60)
            rows = b""
            for y in range(64):
                values = [level + (step if ((x + y // 2 + phase) % period) * 2 < period else 0) + rng.randrange(8) for x in range(64)]
                rows += b"\0" + struct.pack(">64H", *values)
            png(f"{root}/{label}/{i:03}.png", 64, 64, 16, 0, rows)


def tiff(root):
    shapes(root, {"disk": 40, "square": 40, "cross": 40}, 6)
    for name in os.listdir(f"{root}/cross"):
        os.remove(f"{root}/cross/{name}")
        with open(f"{root}/cross/{name[:-4]}.tif", "wb") as file:
            file.write(struct.pack("<2sHIHI", b"II", 42, 8, 0, 0))


def arrows(root):
    rng = random.Random(7)
    for label in ("left", "right"):
        for i in range(160):
            picture = Picture(64, 64, color(rng), 14, rng)
            x, y, c = rng.randrange(24, 40), rng.randrange(20, 44), color(rng)
            picture.rectangle(x - 18, y - 3, x + 18, y + 3, c)
            for step in range(14):
                at = x - 18 + step if label == "left" else x + 17 - step
                picture.rectangle(at, y - step, at + 1, y + step, c)
            picture.save(f"{root}/{label}/{i:03}.png")


DIGITS = ["111101101101111", "010110010010111", "111001111100111", "111001011001111", "101101111001001",
          "111100111001111", "111100111101111", "111001010010010", "111101111101111", "111101111001111"]


def digits(root):
    rng = random.Random(8)
    for digit, dots in enumerate(DIGITS):
        for i in range(40):
            picture = Picture(64, 64, color(rng), 10, rng)
            c, cell, x0, y0 = color(rng), rng.randrange(7, 11), rng.randrange(12, 26), rng.randrange(4, 12)
            for at, dot in enumerate(dots):
                if dot == "1":
                    x, y = x0 + (at % 3) * cell, y0 + (at // 3) * cell
                    picture.rectangle(x, y, x + cell, y + cell, c)
            picture.save(f"{root}/{digit}/{i:03}.png")


def nested(root):
    for outer, inner in (("plant", "disk"), ("plant", "cross"), ("vehicle", "square"), ("vehicle", "stripes")):
        shapes(f"{root}/{outer}", {inner: 20}, 9)


def tiny(root):
    shapes(root, {"disk": 30, "square": 30}, 10, size=8)
    shapes(root, {"New folder": 3, "__MACOSX": 3}, 10)


def few(root):
    shapes(root, {"disk": 10, "square": 10, "cross": 10, "stripes": 10}, 11)


def three(root):
    shapes(root, {"disk": 30, "square": 30, "cross": 30}, 12)
    for name in ("disk", "square"):
        shutil.copytree(f"{root}/{name}", f"{root}.two/{name}")


def listed(root):
    shapes(root, {"disk": 30, "square": 30}, 13)
    with open(f"{root}/labels.csv", "w") as file:
        file.write("path,label,group,split\n")
        for name in ("disk", "square"):
            for i in range(30):
                file.write(f"{name}/{i:03}.png,{'round' if name == 'disk' else 'angular'},{name}{i // 3},{'val' if i % 30 < 6 else 'train'}\n")


# Name, painter, and commands: for both builds, before alone, after alone. DATA is the folder, RUN the run's.
CASES = [
    ("several images of one thing", photos, [("both", "train DATA --split 0.25 HEAD"), ("after", "train DATA --split 0.25 --near-duplicates ignore HEAD"), ("after", r"train DATA --split 0.25 --near-duplicates ignore --group patient(\d+) HEAD")]),
    ("what matters lies at the edge", edge, [("both", "train DATA --split 0.25 HEAD"), ("after", "train DATA --split 0.25 --fit squash HEAD"), ("after", "train DATA --split 0.25 --fit pad HEAD")]),
    ("strips", strips, [("both", "train DATA --split 0.25 HEAD"), ("after", "train DATA --split 0.25 --fit squash HEAD")]),
    ("classes of 1 : 30", unlike, [("both", "train DATA --split 0.25 HEAD")]),
    ("class weights", unlike, [("both", "train DATA --split 0.25 --class-weights balanced WHOLE"), ("after", "train DATA --split 0.25 --class-weights balanced --monitor accuracy WHOLE")]),
    ("12 bits in 16", bits, [("both", "train DATA --split 0.25 HEAD")]),
    ("a class that cannot be read", tiff, [("both", "train DATA --split 0.25 HEAD")]),
    ("--from, another seed", few, [("both", "train DATA --split 0.25 HEAD"), ("both", "train DATA --split 0.25 --from RUN/weights/best.safetensors --seed 7")]),
    ("arrows", arrows, [("both", "train DATA --split 0.25 LONG"), ("after", "train DATA --split 0.25 --mirror on LONG")]),
    ("digits", digits, [("both", "train DATA --split 0.25 LONG"), ("after", "train DATA --split 0.25 --mirror on LONG")]),
    ("shapes that are the same mirrored", few, [("after", "train DATA --split 0.25 LONG")]),
    ("folders in each other", nested, [("both", "train DATA HEAD"), ("after", "train DATA --classes leaf HEAD")]),
    ("ten images a class", few, [("both", "train DATA --folds 5 HEAD")]),
    ("two classes on three folders", three, [("both", "train DATA.two --split 0.25 HEAD"), ("both", "evaluate RUN/weights/best.safetensors DATA")]),
    ("8 x 8, New folder, __MACOSX", tiny, [("both", "train DATA --split 0.25 HEAD")]),
    ("a table of labels", listed, [("after", "train DATA --labels DATA/labels.csv HEAD")]),
]

SHOWN = re.compile(
    r"held-out images|^warning|^error|^mlclassify|^problem|^cross-validation: .*interval|^accuracy|^near-dup|groups of|^the classes are|classes, .*training images|center crop|not mirrored|left out|^fold ")


def run(tool, command, data, out):
    words = []
    for word in command.split():
        words += HEAD if word == "HEAD" else WHOLE if word == "WHOLE" else LONG if word == "LONG" else [word.replace("DATA", data).replace("RUN", out)]
    if words[0] == "train":
        target = out if "--from" not in words else out + ".next"
        words += ["--out", target, "--overwrite"]
    done = subprocess.run(shlex.split(tool) + words, capture_output=True, text=True)
    lines = [line.replace(data, "DATA").replace(out, "RUN") for line in (done.stderr + done.stdout).splitlines() if SHOWN.search(line)]
    return done.returncode, lines


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--after", required=True, help="the tool's command")
    parser.add_argument("--before", help="an earlier tool's command")
    parser.add_argument("--only", nargs="*", help="words of the cases' names")
    parser.add_argument("--keep", help="a folder for pictures and runs that stays")
    arguments = parser.parse_args()
    root = arguments.keep or tempfile.mkdtemp(prefix="data-problems-")
    try:
        for number, (name, paint, commands) in enumerate(CASES):
            if arguments.only and not any(word in name for word in arguments.only):
                continue
            data = os.path.join(root, f"case{number}")
            shutil.rmtree(data, ignore_errors=True)
            shutil.rmtree(data + ".two", ignore_errors=True)
            paint(data)
            print(f"\n## {name}", flush=True)
            for label, tool in (("before", arguments.before), ("after", arguments.after)):
                for when, command in commands:
                    if tool and when in ("both", label):
                        code, lines = run(tool, command, data, f"{data}.{label}")
                        print(f"{label}: {command} (exit {code})")
                        print("\n".join(f"    {line[:300]}" for line in lines), flush=True)
    finally:
        if not arguments.keep:
            shutil.rmtree(root, ignore_errors=True)


if __name__ == "__main__":
    main()
