"""The colour space sRGB as an ICC profile (version 2), made from IEC 61966-2-1: no licence hangs on it."""

from __future__ import annotations

import struct
from functools import cache

STEPS = 1024
_COLOURS = {  # of the primaries, adapted to D50 as ICC asks (Bradford)
    b"rXYZ": (0.4360747, 0.2225045, 0.0139322),
    b"gXYZ": (0.3850649, 0.7168786, 0.0971045),
    b"bXYZ": (0.1430804, 0.0606169, 0.7141733),
}
_D50 = (0.9642, 1.0, 0.8249)
_D65 = (0.95047, 1.0, 1.08883)


@cache
def srgb() -> bytes:
    """The profile, the same bytes always."""
    curve = b"curv" + struct.pack(">II", 0, STEPS) + b"".join(_light(step) for step in range(STEPS))
    tags = {
        b"desc": _description(b"sRGB"),
        b"cprt": b"text\0\0\0\0" + b"No rights reserved\0",
        b"wtpt": _xyz(_D65),
        **{name: _xyz(colour) for name, colour in _COLOURS.items()},
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }
    start = 128 + 4 + 12 * len(tags)
    places: dict[bytes, int] = {}
    table, body = struct.pack(">I", len(tags)), b""
    for name, data in tags.items():
        if data not in places:  # the three curves are one
            places[data] = start + len(body)
            body += data + b"\0" * (-len(data) % 4)
        table += name + struct.pack(">II", places[data], len(data))
    size = start + len(body)
    header = struct.pack(
        ">I4sI4s4s4s6H4s4sI4s4sQI12s4s44x",
        *(size, b"\0" * 4, 0x02100000, b"mntr", b"RGB ", b"XYZ "),
        *(2026, 1, 1, 0, 0, 0),
        *(b"acsp", b"\0" * 4, 0, b"\0" * 4, b"\0" * 4, 0, 0),
        *(b"".join(_fixed(value) for value in _D50), b"\0" * 4),
    )
    return header + table + body


def _light(step: int) -> bytes:
    value = step / (STEPS - 1)
    linear = value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
    return struct.pack(">H", round(linear * 65535))


def _xyz(values: tuple[float, float, float]) -> bytes:
    return b"XYZ \0\0\0\0" + b"".join(_fixed(value) for value in values)


def _fixed(value: float) -> bytes:
    return struct.pack(">i", round(value * 65536))


def _description(text: bytes) -> bytes:
    """A textDescriptionType with its empty Unicode and Macintosh parts."""
    return b"desc\0\0\0\0" + struct.pack(">I", len(text) + 1) + text + b"\0" + b"\0" * (8 + 2 + 1 + 67)


def is_usable(profile: bytes, colours: int) -> bool:
    """Whether a profile found in a scan may stand in a PDF/A-2 for so many colours (ISO 15076-1; version 2 or 4)."""
    if len(profile) < 132 or profile[36:40] != b"acsp" or profile[8] not in (2, 4):
        return False
    spaces = {1: b"GRAY", 3: b"RGB "}
    return profile[16:20] == spaces.get(colours) and profile[12:16] in (b"scnr", b"mntr", b"prtr", b"spac")
