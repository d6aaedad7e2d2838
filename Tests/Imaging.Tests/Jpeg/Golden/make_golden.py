"""Makes the JPEG files of this folder and the pixels that Pillow (libjpeg-turbo) decodes from them.

Each NAME_WIDTHxHEIGHT.jpg has its upright RGB pixels beside it in NAME_WIDTHxHEIGHT.rgb (raw, WIDTH and HEIGHT after orientation).
Run with Pillow 9.4 and numpy: python3 make_golden.py
"""
import io
import struct
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

HERE = Path(__file__).parent

# Annex K.3 tables: counts by code length, symbols.
DC = ([0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0], list(range(12)))
# An AC table without statistics, for all runs and sizes: 62 codes of 7 bits, 60 of 8, 30 of 9 and 10 of 12, longer than a usual lookup.
AC_SYMBOLS = [0x00, 0xF0] + [run << 4 | size for run in range(16) for size in range(1, 11)]
AC = ([0, 0, 0, 0, 0, 0, 62, 60, 30, 0, 0, 10, 0, 0, 0, 0], AC_SYMBOLS)

ZIGZAG = sorted(range(64), key=lambda i: (i // 8 + i % 8, (i // 8 if (i // 8 + i % 8) % 2 else i % 8)))
BASIS = np.array([[np.cos((2 * x + 1) * u * np.pi / 16) * (np.sqrt(0.125) if u == 0 else 0.5) for x in range(8)] for u in range(8)])


def picture(width, height, channels=3):
    """Smooth waves, a hard edge and a little noise, so that all coefficients and both signs occur."""
    y, x = np.mgrid[0:height, 0:width].astype(float)
    rng = np.random.default_rng(7)
    planes = []
    for c in range(channels):
        plane = 128 + 90 * np.sin(x * (0.21 + 0.07 * c) + c) * np.cos(y * (0.17 + 0.05 * c))
        plane += np.where(x + 2 * y > width, 40, -25) * (1 if c % 2 else -1)
        planes.append(plane + rng.normal(0, 6, plane.shape))
    return np.clip(np.stack(planes, -1), 0, 255).astype(np.uint8)


def codes(table):
    code, index, result = 0, 0, {}
    for length, count in enumerate(table[0], 1):
        for _ in range(count):
            result[table[1][index]] = (code, length)
            code, index = code + 1, index + 1
        code <<= 1
    return result


class Bits:
    def __init__(self):
        self.text = []

    def put(self, value, length):
        if length:
            self.text.append(format(value, f"0{length}b"))

    def coefficient(self, value, symbol_high, table):
        size = int(abs(value)).bit_length()
        self.put(*table[symbol_high << 4 | size])
        self.put(value if value >= 0 else value + (1 << size) - 1, size)

    def take(self):
        text = "".join(self.text)
        self.text = []
        text += "1" * (-len(text) % 8)
        return bytes(int(text[i:i + 8], 2) for i in range(0, len(text), 8)).replace(b"\xff", b"\xff\x00")


def segment(marker, content):
    return bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content


def encode(planes, factors, width, height, quantizer=6, restart=0, interleaved=True, wide_table=False, ids=(1, 2, 3, 4), extra=b""):
    """A baseline encoder for any sampling factors: planes are full-size, and sampled by taking means."""
    max_h, max_v = max(h for h, _ in factors), max(v for _, v in factors)
    mcus_wide, mcus_high = -(-width // (8 * max_h)), -(-height // (8 * max_v))
    dc_codes, ac_codes = codes(DC), codes(AC)
    blocks = []
    for plane, (h, v) in zip(planes, factors):
        full = np.pad(plane.astype(float), ((0, mcus_high * 8 * max_v - height), (0, mcus_wide * 8 * max_h - width)), "edge")
        rows = np.arange(mcus_high * 8 * v) * max_v // v
        columns = np.arange(mcus_wide * 8 * h) * max_h // h
        sampled = full[np.ix_(rows, columns)] - 128
        grid = sampled.reshape(mcus_high * v, 8, mcus_wide * h, 8).swapaxes(1, 2)
        blocks.append(np.rint(BASIS @ grid @ BASIS.T / quantizer).astype(int).reshape(mcus_high * v, mcus_wide * h, 64)[..., ZIGZAG])

    def put_block(bits, block, component, previous):
        bits.coefficient(block[0] - previous[component], 0, dc_codes)
        previous[component] = block[0]
        run = 0
        for value in block[1:]:
            if value == 0:
                run += 1
                continue
            while run > 15:
                bits.put(*ac_codes[0xF0])
                run -= 16
            bits.coefficient(value, run, ac_codes)
            run = 0
        if run:
            bits.put(*ac_codes[0])

    def scan(members):
        alone = len(members) == 1
        data, bits, done, previous = b"", Bits(), 0, [0] * len(planes)
        first = members[0]
        if alone:
            h, v = factors[first]
            wide, high = -(-(-(-width * h // max_h)) // 8), -(-(-(-height * v // max_v)) // 8)
        else:
            wide, high = mcus_wide, mcus_high
        for my in range(high):
            for mx in range(wide):
                if restart and done and done % restart == 0:
                    data += bits.take() + bytes([0xFF, 0xD0 + (done // restart - 1) % 8])
                    previous = [0] * len(planes)
                done += 1
                for c in members:
                    h, v = (1, 1) if alone else factors[c]
                    for y in range(v):
                        for x in range(h):
                            put_block(bits, blocks[c][my * v + y, mx * h + x], c, previous)
        header = bytes([len(members)]) + b"".join(bytes([ids[c], 0]) for c in members) + bytes([0, 63, 0])
        return segment(0xDA, header) + data + bits.take()

    quantization = bytes([0x10]) + struct.pack(">64H", *[quantizer] * 64) if wide_table else bytes([0] + [quantizer] * 64)
    frame = struct.pack(">BHHB", 8, height, width, len(planes))
    frame += b"".join(bytes([ids[c], h << 4 | v, 0]) for c, (h, v) in enumerate(factors))
    out = b"\xff\xd8" + extra + segment(0xDB, quantization) + segment(0xC1 if wide_table else 0xC0, frame)
    for kind, table in ((0x00, DC), (0x10, AC)):
        out += segment(0xC4, bytes([kind] + table[0] + table[1]))
    if restart:
        out += segment(0xDD, struct.pack(">H", restart))
    everything = list(range(len(planes)))
    for members in [everything] if interleaved else [[c] for c in everything]:
        out += scan(members)
    return out + b"\xff\xd9"


def write(name, data):
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGB")
    path = HERE / f"{name}_{image.width}x{image.height}"
    path.with_suffix(".jpg").write_bytes(data)
    path.with_suffix(".rgb").write_bytes(image.tobytes())


def pillow(image, **options):
    out = io.BytesIO()
    image.save(out, "JPEG", **options)
    return out.getvalue()


def adobe(transform):
    return segment(0xEE, b"Adobe" + struct.pack(">HHHB", 100, 0, 0, transform))


def main():
    width, height = 33, 17
    color = picture(width, height)
    planes = [color[..., c] for c in range(3)]
    image = Image.fromarray(color)

    for name, subsampling in (("444", 0), ("422", 1), ("420", 2)):
        write(f"baseline_{name}", pillow(image, quality=85, subsampling=subsampling))
        write(f"progressive_{name}", pillow(image, quality=85, subsampling=subsampling, progressive=True))
    write("optimized_420", pillow(image, quality=95, optimize=True))
    write("gray", pillow(image.convert("L"), quality=90))
    write("gray_progressive", pillow(image.convert("L"), quality=90, progressive=True))
    write("cmyk", pillow(Image.fromarray(picture(width, height, 4), "CMYK"), quality=90))
    for size in ((1, 1), (2, 3), (4, 2), (5, 5), (16, 16)):
        write("small_420", pillow(Image.fromarray(picture(*size)), quality=90, subsampling=2))

    for factors in ("11 11 11", "21 11 11", "12 11 11", "22 11 11", "22 21 12", "22 12 21", "41 11 11", "14 11 11", "42 11 11", "14 12 11",
                    "41 21 11", "11 22 11", "22 22 11"):
        pairs = [(int(f[0]), int(f[1])) for f in factors.split()]
        write("sampling_" + factors.replace(" ", "-"), encode(planes, pairs, width, height))
    write("restart_420", encode(planes, [(2, 2), (1, 1), (1, 1)], width, height, restart=1))
    write("restart_444", encode(planes, [(1, 1)] * 3, width, height, restart=2))
    write("noninterleaved_420", encode(planes, [(2, 2), (1, 1), (1, 1)], width, height, interleaved=False))
    write("noninterleaved_restart", encode(planes, [(2, 1), (1, 1), (1, 1)], width, height, interleaved=False, restart=3))
    write("wide_quantization", encode(planes, [(2, 1), (1, 1), (1, 1)], width, height, quantizer=300, wide_table=True))
    write("gray_22", encode(planes[:1], [(2, 2)], width, height))
    write("rgb_adobe", encode(planes, [(1, 1)] * 3, width, height, extra=adobe(0)))
    write("rgb_ids", encode(planes, [(1, 1)] * 3, width, height, ids=b"RGB"))
    inks = picture(width, height, 4)
    inks = [inks[..., c] for c in range(4)]
    write("cmyk_adobe", encode(inks, [(1, 1)] * 4, width, height, extra=adobe(0)))
    write("cmyk_plain", encode(inks, [(1, 1)] * 4, width, height))
    write("ycck_adobe", encode(inks, [(2, 2), (1, 1), (1, 1), (2, 2)], width, height, extra=adobe(2)))

    small = Image.fromarray(picture(11, 7))
    for orientation in range(1, 9):
        order = "<" if orientation % 2 else ">"
        tiff = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "IH", 8, 1)
        tiff += struct.pack(order + "HHIHHI", 0x0112, 3, 1, orientation, 0, 0)
        write(f"orientation{orientation}", pillow(small, quality=90, subsampling=0, exif=b"Exif\0\0" + tiff))


if __name__ == "__main__":
    main()
