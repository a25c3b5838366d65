"""Ways in which a file comes to harm on its way: each takes a sound file's bytes and gives the broken one's."""

from __future__ import annotations

import io
import struct
import zlib

import pikepdf


def truncated(data: bytes) -> bytes:
    """The first two fifths: a copy that broke off."""
    return data[: len(data) * 2 // 5]


def encrypted(data: bytes) -> bytes:
    """Asks for a password to open. RC4, because its bytes come out the same each time."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.save(
            out,
            static_id=True,
            encryption=pikepdf.Encryption(
                owner="chu-so-huu", user="mat-khau", R=3, aes=False, metadata=False
            ),
        )
    return out.getvalue()


def plain_text(_data: bytes) -> bytes:
    return "Giấy chứng sinh: xem bản giấy lưu tại bộ phận một cửa.\n".encode()


def pixel_bomb(side: int = 30_000) -> bytes:
    """A PNG of side x side white pixels, one bit each: a small file that asks for a large memory."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    packer = zlib.compressobj(9)
    row = b"\x00" + b"\xff" * ((side + 7) // 8)
    body = b"".join([*(packer.compress(row * 500) for _ in range(side // 500)), packer.flush()])
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
