"""A TrueType font inside a PDF: the glyphs of one text, embedded as PDF/A asks.

Of the whole font only these glyphs go in. Vietnamese letters are single glyphs in NFC: no shaping is needed.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dossier.errors import ConfigurationError

DEFAULT_FONT = Path(__file__).parent.parent / "fonts" / "LiberationSerif-Regular.ttf"
_SYMBOLIC = 4


@dataclass(frozen=True)
class EmbeddedFont:
    """reference: the font's object in the file. width: advance of a character in shares of the font size."""

    reference: Any
    glyphs: dict[str, int]
    widths: dict[str, float]

    def width(self, text: str, size: float) -> float:
        """Of the text, in points."""
        return size * sum(self.widths[letter] for letter in text)

    def codes(self, text: str) -> bytes:
        """The text as a PDF string in hexadecimal, two bytes a glyph."""
        return b"<" + "".join(f"{self.glyphs[letter]:04X}" for letter in text).encode() + b">"


def embed_font(writer: Any, path: Path | None, text: str) -> EmbeddedFont:
    """Put the glyphs of `text` into the file of a pyHanko writer.

    Raises ConfigurationError: font-unreadable, font-lacks-letters.
    """
    letters = "".join(sorted(set(text)))
    program, font = _subset(path or DEFAULT_FONT, letters)
    units, cmap = font["head"].unitsPerEm, font.getBestCmap()
    missing = [letter for letter in letters if ord(letter) not in cmap]
    if missing:
        raise ConfigurationError("font-lacks-letters", f"the font has no glyph for {''.join(missing)!r}")
    glyphs = {letter: font.getGlyphID(cmap[ord(letter)]) for letter in letters}
    widths = {letter: font["hmtx"][cmap[ord(letter)]][0] / units for letter in letters}
    tag = "".join(chr(65 + byte % 26) for byte in hashlib.sha256(program).digest()[:6])
    name = f"{tag}+{font['name'].getDebugName(6) or 'Font'}"
    return EmbeddedFont(_objects(writer, font, program, name, glyphs, widths), glyphs, widths)


def _subset(path: Path, letters: str) -> tuple[bytes, Any]:
    from fontTools import subset
    from fontTools.ttLib import TTFont, TTLibError

    options = subset.Options(
        layout_features=[],
        hinting=False,
        notdef_outline=True,
        name_IDs=[1, 2, 6],
        drop_tables=["GSUB", "GPOS", "GDEF", "FFTM", "DSIG"],
    )
    try:
        font = subset.load_font(str(path), options)
        if "glyf" not in font:
            raise ConfigurationError("font-unreadable", f"{path.name} has no TrueType outlines")
        subsetter = subset.Subsetter(options)
        subsetter.populate(text=letters)
        subsetter.subset(font)
        out = io.BytesIO()
        font.save(out)
    except (OSError, TTLibError, subset.Subsetter.SubsettingError, KeyError) as error:
        raise ConfigurationError("font-unreadable", f"{path.name}: {type(error).__name__}") from None
    return out.getvalue(), TTFont(io.BytesIO(out.getvalue()))


def _objects(
    writer: Any, font: Any, program: bytes, name: str, glyphs: dict[str, int], widths: dict[str, float]
) -> Any:
    """The five objects of a composite font: program, descriptor, descendant, map to Unicode, font."""
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, NumberObject, pdf_name

    def dictionary(**entries: Any) -> Any:
        return DictionaryObject({pdf_name(f"/{key}"): value for key, value in entries.items()})

    def stream(data: bytes, **entries: Any) -> Any:
        made = generic.StreamObject(dictionary(**entries), stream_data=data)
        made.compress()
        return writer.add_object(made)

    def scaled(value: float) -> Any:
        return NumberObject(round(1000 * value / font["head"].unitsPerEm))

    head, hhea = font["head"], font["hhea"]
    descriptor = dictionary(
        Type=pdf_name("/FontDescriptor"),
        FontName=pdf_name(f"/{name}"),
        Flags=NumberObject(_SYMBOLIC),
        FontBBox=ArrayObject([scaled(side) for side in (head.xMin, head.yMin, head.xMax, head.yMax)]),
        ItalicAngle=NumberObject(0),
        Ascent=scaled(hhea.ascent),
        Descent=scaled(hhea.descent),
        CapHeight=scaled(getattr(font["OS/2"], "sCapHeight", hhea.ascent) if "OS/2" in font else hhea.ascent),
        StemV=NumberObject(80),
        FontFile2=stream(program, Length1=NumberObject(len(program))),
    )
    widths_by_glyph = ArrayObject()
    for letter, glyph in sorted(glyphs.items(), key=lambda pair: pair[1]):
        widths_by_glyph.extend(
            [NumberObject(glyph), ArrayObject([NumberObject(round(1000 * widths[letter]))])]
        )
    descendant = dictionary(
        Type=pdf_name("/Font"),
        Subtype=pdf_name("/CIDFontType2"),
        BaseFont=pdf_name(f"/{name}"),
        CIDSystemInfo=dictionary(
            Registry=generic.pdf_string("Adobe"),
            Ordering=generic.pdf_string("Identity"),
            Supplement=NumberObject(0),
        ),
        FontDescriptor=writer.add_object(descriptor),
        W=widths_by_glyph,
        CIDToGIDMap=pdf_name("/Identity"),
    )
    return writer.add_object(
        dictionary(
            Type=pdf_name("/Font"),
            Subtype=pdf_name("/Type0"),
            BaseFont=pdf_name(f"/{name}"),
            Encoding=pdf_name("/Identity-H"),
            DescendantFonts=ArrayObject([writer.add_object(descendant)]),
            ToUnicode=stream(_to_unicode(glyphs)),
        )
    )


def _to_unicode(glyphs: dict[str, int]) -> bytes:
    """Read back by whoever selects the text. At most 100 pairs to a block."""
    pairs = [
        f"<{glyph:04X}> <{letter.encode('utf-16-be').hex().upper()}>" for letter, glyph in glyphs.items()
    ]
    blocks = [pairs[start : start + 100] for start in range(0, len(pairs), 100)]
    body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        f"{body}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode()
