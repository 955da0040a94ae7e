"""Small files for people to send."""

from __future__ import annotations

import struct
import zlib
from functools import cache


@cache
def picture(width: int = 96, height: int = 64, colour: tuple[int, int, int] = (90, 140, 190)) -> bytes:
    """Return a PNG of hills under a pale sky in shades of one colour."""
    rows = []
    for y in range(height):
        sky = bytes(min(255, part + 110 - 60 * y // height) for part in colour)
        far, near = (bytes(max(0, part - shade) for part in colour) for shade in (-20, 30))
        row = bytearray(b"\0")
        for x in range(width):
            wave = abs((x * 2) % width - width // 2) / width
            row += near if y > height * (0.95 - wave * 0.3) else far if y > height * (0.55 + wave * 0.4) else sky
        rows.append(bytes(row))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"".join(rows))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


@cache
def sound(seconds: float = 1.0, rate: int = 8000) -> bytes:
    """Return a quiet WAV tone, so that a page can play it."""
    count = int(seconds * rate)
    wave = bytes(128 + (12 if (index // 10) % 2 else -12) for index in range(count))
    form = struct.pack("<HHIIHH", 1, 1, rate, rate, 1, 8)
    size = 4 + 8 + len(form) + 8 + count
    parts = (b"RIFF", struct.pack("<I", size), b"WAVEfmt ", struct.pack("<I", len(form)), form)
    return b"".join((*parts, b"data", struct.pack("<I", count), wave))
