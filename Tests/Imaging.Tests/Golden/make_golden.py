"""Writes the golden PNG, BMP and GIF files beside this script, and expected.csv with what Pillow makes of them.

Run with a Python that has Pillow: python3 make_golden.py
Every file is synthesized here. Rows of expected.csv: file, width, height, SHA-256 of the bytes of Pillow's convert("RGB").
"""
import hashlib
import io
import os
import random
import struct

from PIL import Image

HERE = os.path.dirname(os.path.abspath(__file__))
rng = random.Random(20240501)


def picture(width, height):
    """A smooth picture with some noise: every channel takes many values."""
    image = Image.new("RGB", (width, height))
    image.putdata([
        (x * 255 // width, y * 255 // height, (x * 7 + y * 13 + rng.randrange(32)) & 255)
        for y in range(height) for x in range(width)])
    return image


def saved(image, kind, **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def bmp(info, data, palette=b"", offset=None):
    """A bitmap from its information header (with masks), palette and pixel data."""
    start = 14 + len(info) + len(palette)
    return b"BM" + struct.pack("<IHHI", start + len(data), 0, 0, start if offset is None else offset) + info + palette + data


def info40(width, height, bits, compression=0, colors=0, size=40, tail=b""):
    return struct.pack("<IiiHHIIiiII", size, width, height, 1, bits, compression, 0, 2835, 2835, colors, 0) + tail


def rows(width, height, bits):
    stride = (width * bits + 31) // 32 * 4
    return bytes(rng.randrange(256) for _ in range(stride * height))


def palette4(count):
    return bytes(v for _ in range(count) for v in (rng.randrange(256), rng.randrange(256), rng.randrange(256), 0))


def palette3(count):
    return bytes(rng.randrange(256) for _ in range(count * 3))


def bitmaps():
    small = picture(13, 7)
    yield "rgb24.bmp", saved(small, "BMP")
    yield "rgba32.bmp", saved(small.convert("RGBA"), "BMP")
    yield "grey8.bmp", saved(small.convert("L"), "BMP")
    yield "bilevel1.bmp", saved(small.convert("1"), "BMP")
    yield "palette8.bmp", saved(small.quantize(17), "BMP")
    yield "palette8_short.bmp", bmp(info40(9, 4, 8, colors=200), bytes(rng.randrange(220) for _ in range(12 * 4)), palette4(200))
    yield "palette4.bmp", bmp(info40(11, 5, 4, colors=16), rows(11, 5, 4), palette4(16))
    yield "palette1.bmp", bmp(info40(37, 3, 1, colors=2), rows(37, 3, 1), palette4(2))
    yield "palette_offset_lies.bmp", bmp(info40(6, 3, 8, colors=5), bytes(rng.randrange(5) for _ in range(8 * 3)), palette4(5), offset=54)
    yield "offset_zero.bmp", bmp(info40(5, 3, 24), rows(5, 3, 24), offset=0)
    yield "topdown24.bmp", bmp(info40(5, -4, 24), rows(5, 4, 24))
    yield "rgb555.bmp", bmp(info40(7, 5, 16), rows(7, 5, 16))
    yield "rgb565.bmp", bmp(info40(7, 5, 16, 3, tail=struct.pack("<III", 0xF800, 0x7E0, 0x1F)), rows(7, 5, 16))
    yield "masks555.bmp", bmp(info40(6, 5, 16, 3, tail=struct.pack("<III", 0x7C00, 0x3E0, 0x1F)), rows(6, 5, 16))
    yield "xbgr32.bmp", bmp(info40(6, 5, 32, 3, tail=struct.pack("<III", 0xFF000000, 0xFF0000, 0xFF00)), rows(6, 5, 32))
    masks = struct.pack("<IIII", 0xFF, 0xFF00, 0xFF0000, 0xFF000000)
    yield "v4_rgba32.bmp", bmp(info40(6, 5, 32, 3, size=108, tail=masks + bytes(52)), rows(6, 5, 32))
    yield "v5_rgb565.bmp", bmp(info40(6, 5, 16, 3, size=124, tail=struct.pack("<IIII", 0xF800, 0x7E0, 0x1F, 0) + bytes(68)), rows(6, 5, 16))
    yield "os2_24.bmp", bmp(struct.pack("<IHHHH", 12, 5, 4, 1, 24), rows(5, 4, 24))
    yield "os2_palette4.bmp", bmp(struct.pack("<IHHHH", 12, 5, 4, 1, 4), rows(5, 4, 4), palette3(16))
    yield "os2v2_palette8.bmp", bmp(info40(5, 4, 8, colors=256, size=64, tail=bytes(24)), rows(5, 4, 8), palette4(256))
    rle8 = bytes([3, 1, 2, 4, 0, 0, 0, 5, 1, 2, 3, 4, 0, 0, 0, 0, 5, 2, 0, 0, 2, 3, 0, 3, 1, 2, 3, 0, 0, 1])
    yield "rle8.bmp", bmp(info40(5, 4, 8, 1, colors=6), rle8, palette4(6))
    # No delta codes here: Pillow 9.4 reads their two bytes twice. BmpDecoderTests has them by hand.
    rle4 = bytes([5, 0x12, 0, 0, 0, 4, 0x21, 0x34, 1, 0x50, 0, 0, 2, 0x30, 3, 0x45, 0, 0, 5, 0x55, 0, 1])
    yield "rle4.bmp", bmp(info40(5, 4, 4, 2, colors=6), rle4, palette4(6))


def moved(data, left, top, screen):
    """A one-frame GIF with its screen resized and its frame moved."""
    data = bytearray(data)
    struct.pack_into("<HH", data, 6, *screen)
    at = 13 + 3 * (2 << (data[10] & 7))
    while data[at] == 0x21:
        at += 2
        while data[at]:
            at += 1 + data[at]
        at += 1
    assert data[at] == 0x2C
    struct.pack_into("<HH", data, at + 1, left, top)
    return bytes(data)


def gifs():
    small = picture(19, 11)
    yield "palette.gif", saved(small.quantize(23), "GIF", interlace=0)
    yield "interlaced.gif", saved(small.quantize(23), "GIF", interlace=1)
    yield "grey.gif", saved(small.convert("L"), "GIF")
    yield "bilevel.gif", saved(small.convert("1"), "GIF")
    indexed = small.quantize(9)
    yield "transparent.gif", saved(indexed, "GIF", transparency=3)
    yield "offset.gif", moved(saved(indexed, "GIF"), 4, 2, (25, 16))
    yield "offset_transparent.gif", moved(saved(indexed, "GIF", transparency=3), 4, 2, (25, 16))
    yield "beyond_screen.gif", moved(saved(indexed, "GIF"), 4, 2, (10, 5))
    yield "animated.gif", saved(small.quantize(8), "GIF", save_all=True, append_images=[picture(19, 11).quantize(8)])
    noise = Image.frombytes("P", (90, 70), bytes(rng.randrange(256) for _ in range(6300)))
    noise.putpalette(bytes(rng.randrange(256) for _ in range(768)))
    yield "full_table.gif", saved(noise, "GIF")
    yield "runs.gif", saved(Image.new("P", (200, 100), 0), "GIF")


def pngs():
    small = picture(17, 9)
    yield "rgb8.png", saved(small, "PNG")
    alpha = small.convert("RGBA")
    alpha.putalpha(picture(17, 9).convert("L"))
    yield "rgba8.png", saved(alpha, "PNG")
    yield "grey8.png", saved(small.convert("L"), "PNG")
    yield "grey_alpha8.png", saved(alpha.convert("LA"), "PNG")
    yield "bilevel1.png", saved(small.convert("1"), "PNG")
    yield "palette8.png", saved(small.quantize(200), "PNG")
    yield "palette4.png", saved(small.quantize(11), "PNG", bits=4)
    yield "palette2.png", saved(small.quantize(4), "PNG", bits=2)
    yield "palette_transparent.png", saved(small.quantize(11), "PNG", transparency=2)
    yield "animated.png", saved(small, "PNG", save_all=True, append_images=[picture(17, 9)])


def main():
    lines = ["file,width,height,sha256_of_rgb_bytes"]
    for name, data in [*pngs(), *bitmaps(), *gifs()]:
        image = Image.open(io.BytesIO(data)).convert("RGB")
        with open(os.path.join(HERE, name), "wb") as file:
            file.write(data)
        lines.append(f"{name},{image.width},{image.height},{hashlib.sha256(image.tobytes()).hexdigest()}")
    with open(os.path.join(HERE, "expected.csv"), "w", newline="\n") as file:
        file.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
