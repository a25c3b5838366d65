"""A font that paints nothing, for text that is there to be found and not to be seen.

Written by us, table by table (ISO/IEC 14496-22): two glyphs without area, each half an em wide and an em high. Codes
are UTF-16, so that any text of the basic plane can be said with it; what they mean stands in the ToUnicode map.
"""

from __future__ import annotations

import struct
from functools import cache

import pikepdf
from pikepdf import Array, Dictionary, Name

EM = 1000
ADVANCE = 500
NAME = "SohoaGlyphless"


@cache
def font_program() -> bytes:
    """The TrueType file."""
    # A line there and back: it paints nothing, but it has a box, which viewers ask for when text is selected.
    outline = struct.pack(">hhhhhHHBBhhhh", 1, 0, 0, ADVANCE, EM, 1, 0, 1, 1, 0, ADVANCE, 0, EM)
    glyph = outline + b"\0" * (-len(outline) % 4)
    tables = {
        b"glyf": glyph * 2,
        b"head": struct.pack(
            ">IIIIHHQQhhhhHHhhh",
            *(0x00010000, 0x00010000, 0, 0x5F0F3CF5, 0b1011, EM, 0, 0),
            *(0, 0, ADVANCE, EM, 0, 8, 2, 0, 0),
        ),
        b"hhea": struct.pack(
            ">IhhhHhhhhhhhhhhhH", 0x00010000, EM, 0, 0, ADVANCE, 0, 0, ADVANCE, 1, *(0,) * 7, 2
        ),
        b"hmtx": struct.pack(">HhHh", ADVANCE, 0, ADVANCE, 0),
        b"loca": struct.pack(">HHH", 0, len(glyph) // 2, len(glyph)),
        b"maxp": struct.pack(">IH13H", 0x00010000, 2, 2, 1, *(0,) * 4, 1, *(0,) * 6),
    }
    directory, body = b"", b""
    start = 12 + 16 * len(tables)
    for tag, data in sorted(tables.items()):
        directory += tag + struct.pack(">III", _checksum(data), start + len(body), len(data))
        body += data + b"\0" * (-len(data) % 4)
    head = struct.pack(">IHHHH", 0x00010000, len(tables), 64, 2, 16 * len(tables) - 64)
    whole = head + directory + body
    adjusted = struct.pack(">I", (0xB1B0AFBA - _checksum(whole)) & 0xFFFFFFFF)
    at = whole.index(struct.pack(">IIII", 0x00010000, 0x00010000, 0, 0x5F0F3CF5)) + 8
    return whole[:at] + adjusted + whole[at + 4 :]


def _checksum(data: bytes) -> int:
    padded = data + b"\0" * (-len(data) % 4)
    words: tuple[int, ...] = struct.unpack(f">{len(padded) // 4}I", padded)
    return sum(words) & 0xFFFFFFFF


def add_font(pdf: pikepdf.Pdf) -> pikepdf.Object:
    """The font as an object of this PDF."""
    program = pdf.make_stream(font_program())
    program.Length1 = len(font_program())
    described = pdf.make_indirect(
        Dictionary(
            Type=Name.FontDescriptor,
            FontName=Name("/" + NAME),
            Flags=4,
            FontBBox=Array([0, 0, ADVANCE, EM]),
            ItalicAngle=0,
            Ascent=EM,
            Descent=0,
            CapHeight=EM,
            StemV=80,
            FontFile2=program,
        )
    )
    every_code_is_glyph_1 = pdf.make_stream(b"\x00\x01" * 0x10000)
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=Name("/" + NAME),
        CIDSystemInfo=Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
        FontDescriptor=described,
        DW=ADVANCE,
        CIDToGIDMap=every_code_is_glyph_1,
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=Name("/" + NAME),
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(descendant)]),
            ToUnicode=pdf.make_stream(_to_unicode()),
        )
    )


@cache
def _to_unicode() -> bytes:
    """Each code is its own character. A range may not go past the last byte, a block not past 100 ranges."""
    ranges = [f"<{high:02X}00> <{high:02X}FF> <{high:02X}00>" for high in range(256)]
    blocks = [ranges[start : start + 100] for start in range(0, 256, 100)]
    lines = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        "<0000> <FFFF>",
        "endcodespacerange",
    ]
    for block in blocks:
        lines += [f"{len(block)} beginbfrange", *block, "endbfrange"]
    lines += ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end", ""]
    return "\n".join(lines).encode("ascii")
