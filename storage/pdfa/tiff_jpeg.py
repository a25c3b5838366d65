"""The JPEG inside a TIFF: its strips joined into one stream without decoding a pixel.

A TIFF cuts a JPEG into strips that share their tables (TIFF Technical Note 2). Each strip's data begin afresh, as data
do behind a restart marker; so the strips, with a marker between them and the restart interval said in front, are one
JPEG of the same coefficients (ITU-T T.81, F.1.1.5).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from math import ceil

_START, _END = b"\xff\xd8", b"\xff\xd9"
_BASELINE, _TABLES, _INTERVAL, _SCAN = (0xC0, 0xC1), (0xDB, 0xC4), 0xDD, 0xDA


class NotJoined(ValueError):
    """These strips are not of one JPEG."""


def joined(tables: bytes, strips: Sequence[bytes], width: int, height: int, rows: int) -> bytes:
    """One JPEG of all strips. tables: of the tag JPEGTables; rows: of each strip but the last.

    Raises NotJoined where the strips are not alike, or not cut at whole blocks.
    """
    shared = b"".join(part for kind, part in _segments(tables) if kind in _TABLES) if tables else b""
    frame, scan, pieces = b"", b"", []
    own = b""
    for number, strip in enumerate(strips):
        these = list(_segments(strip))
        frames = [part for kind, part in these if kind in _BASELINE]
        scans = [part for kind, part in these if kind == _SCAN]
        if len(frames) != 1 or len(scans) != 1 or any(kind == _INTERVAL for kind, _ in these):
            raise NotJoined
        mine = b"".join(part for kind, part in these if kind in _TABLES)
        high = rows if number < len(strips) - 1 else height - rows * number
        if struct.unpack(">HH", frames[0][5:9]) != (high, width):
            raise NotJoined
        anyhow = frames[0][:5] + struct.pack(">H", height) + frames[0][7:]
        head = scans[0][: 2 + int.from_bytes(scans[0][2:4], "big")]
        if number and (anyhow, head, mine) != (frame, scan, own):
            raise NotJoined
        frame, scan, own = anyhow, head, mine
        pieces.append(scans[0][len(head) :])
    interval = _interval(frame, width, rows) if len(strips) > 1 else 0
    markers = (bytes((0xFF, 0xD0 + number % 8)) for number in range(len(pieces) - 1))
    data = pieces[0] + b"".join(marker + piece for marker, piece in zip(markers, pieces[1:], strict=True))
    restart = b"\xff\xdd" + struct.pack(">HH", 4, interval) if interval else b""
    return _START + shared + own + frame + restart + scan + data + _END


def _interval(frame: bytes, width: int, rows: int) -> int:
    """Blocks of a strip, as the restart interval counts them."""
    sampling = [frame[11 + 3 * number] for number in range(frame[9])]
    if len(sampling) == 1:
        across = down = 8
    else:
        across, down = (8 * max(factor >> shift & 15 for factor in sampling) for shift in (4, 0))
    if rows % down:
        raise NotJoined
    interval = ceil(width / across) * (rows // down)
    if interval > 0xFFFF:
        raise NotJoined
    return interval


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Kind and bytes of each segment, a scan with its data up to the end."""
    if not data.startswith(_START):
        raise NotJoined
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            raise NotJoined
        kind = data[at + 1]
        if kind == 0xFF:  # fill byte
            at += 1
            continue
        if kind == 0xD9:
            return
        long = 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if kind == _SCAN:
            end = data.rfind(_END)
            if end < at + long or _has_marker(data[at + long : end]):
                raise NotJoined
            yield kind, data[at:end]
            return
        yield kind, data[at : at + long]
        at += long


def _has_marker(data: bytes) -> bool:
    """Whether there is more than one scan's data, or restart markers of its own."""
    at = data.find(0xFF)
    while at >= 0:
        if data[at + 1 : at + 2] != b"\0":
            return True
        at = data.find(0xFF, at + 2)
    return False
