"""Small files for people to send."""

from __future__ import annotations

import struct
import zlib


def picture(width: int = 96, height: int = 64, colour: tuple[int, int, int] = (90, 140, 190)) -> bytes:
    """Return a PNG of one colour with a lighter frame."""
    light = bytes(min(255, part + 70) for part in colour)
    rows = []
    for y in range(height):
        edge = y < 4 or y >= height - 4
        row = light * width if edge else light * 4 + bytes(colour) * (width - 8) + light * 4
        rows.append(b"\0" + row)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"".join(rows))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def sound(seconds: float = 1.0, rate: int = 8000) -> bytes:
    """Return a quiet WAV tone, so that a page can play it."""
    count = int(seconds * rate)
    wave = bytes(128 + (12 if (index // 10) % 2 else -12) for index in range(count))
    form = struct.pack("<HHIIHH", 1, 1, rate, rate, 1, 8)
    size = 4 + 8 + len(form) + 8 + count
    return b"RIFF" + struct.pack("<I", size) + b"WAVEfmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", count) + wave  # fmt: skip  # noqa: E501
