"""Whether a JBIG2 stream hangs together: decoders give a white page, without an error, for one that does not."""

from __future__ import annotations

import struct

_KINDS = {0, 4, 6, 7, 16, 20, 22, 23, 36, 38, 39, 40, 42, 43, 48, 49, 50, 51, 52, 53, 62}
"""Types of segments (ITU-T T.88, 7.3)."""
_END_OF_FILE = 51
_LENGTH_UNKNOWN = 0xFFFFFFFF
_LONG_FORM = 7
_SHORTEST = 11  # bytes of a segment without data


def hangs_together(data: bytes, shared: bytes = b"") -> bool:
    """Whether every segment is of a known type, ends inside its stream and refers to none that is missing.

    data: an embedded stream as in a PDF, without a file header; shared: its JBIG2Globals. What the segments hold is
    not decoded, and nothing is asked of what follows one of unknown length.
    """
    numbers: set[int] = set()
    try:
        return _walk(shared, numbers) and len(data) >= _SHORTEST and _walk(data, numbers)
    except struct.error:  # the stream ends inside a header
        return False


def _walk(data: bytes, numbers: set[int]) -> bool:
    """Go through the segments; numbers: of those seen, added to."""
    place = 0
    while len(data) - place >= _SHORTEST:  # a few bytes after the last segment are padding
        number, flags, count = struct.unpack_from(">IBB", data, place)
        place += 5
        if count >> 5 == _LONG_FORM:
            many = struct.unpack_from(">I", data, place)[0] & 0x1FFFFFFF
            place += 4 + (many + 8) // 8
        else:
            many = count >> 5
            place += 1
        form = "B" if number <= 256 else "H" if number <= 65536 else "I"
        referred = struct.unpack_from(f">{many}{form}", data, place) if many <= len(data) else (-1,)
        place += many * struct.calcsize(form)
        page = ">I" if flags & 0x40 else ">B"
        struct.unpack_from(page, data, place)
        place += struct.calcsize(page)
        (length,) = struct.unpack_from(">I", data, place)
        place += 4
        if flags & 0x3F not in _KINDS or not numbers.issuperset(referred):
            return False
        if length == _LENGTH_UNKNOWN:
            return True
        numbers.add(number)
        place += length
        if flags & 0x3F == _END_OF_FILE:
            break
    return place <= len(data)
