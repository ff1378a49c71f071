"""Small pictures drawn on the spot, so that the demo ships no binary files."""

import struct
import zlib


def photo(seed: int, width: int = 480, height: int = 320) -> bytes:
    """A PNG of `width` × `height` pixels: three grey-blue bands whose places depend on `seed`."""
    edges = (height // 6 + seed % (height // 4), height // 2 + seed // 97 % (height // 4))
    rows = b""
    for y in range(height):
        shade = 90 if y < edges[0] else 150 if y < edges[1] else 205
        rows += b"\0" + bytes((shade - 20, shade, min(255, shade + 30))) * width
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
