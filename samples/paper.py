"""A paper before it is printed: which template with what in it, and the truth about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Fields = dict[str, str]

FONTS = {
    # Families of Debian's font packages that hold every Vietnamese letter (Liberation 1.x and Caladea do not).
    "Liberation Serif": ("liberation2/LiberationSerif-{}.ttf", "Regular Bold Italic BoldItalic"),
    "Noto Serif": ("noto/NotoSerif-{}.ttf", "Regular Bold Italic BoldItalic"),
    "DejaVu Serif Condensed": ("dejavu/DejaVuSerifCondensed{}.ttf", "_ -Bold -Italic -BoldItalic"),
    "Liberation Sans": ("liberation2/LiberationSans-{}.ttf", "Regular Bold Italic BoldItalic"),
    "DejaVu Sans Condensed": ("dejavu/DejaVuSansCondensed{}.ttf", "_ -Bold -Oblique -BoldOblique"),
    "Carlito": ("crosextra/Carlito-{}.ttf", "Regular Bold Italic BoldItalic"),
    "FreeSerif": ("freefont/FreeSerif{}.ttf", "_ Bold Italic BoldItalic"),
    "FreeSans": ("freefont/FreeSans{}.ttf", "_ Bold Oblique BoldOblique"),
}
SERIF = ("Liberation Serif", "Liberation Serif", "Noto Serif", "DejaVu Serif Condensed")
SANS = ("Liberation Sans", "DejaVu Sans Condensed", "Carlito")
HELD_BACK_SERIF, HELD_BACK_SANS = "FreeSerif", "FreeSans"
HELD_BACK_LAYOUT = "c"


@dataclass(frozen=True)
class Paper:
    """type: a document type of the catalogue, `other` or `blank`. handwritten: fields whose digits a pen wrote."""

    type: str
    layout: str
    font: str
    context: dict[str, Any]
    fields: Fields
    handwritten: tuple[str, ...] = ()
    mono: bool = False
    notes: dict[str, str] = field(default_factory=dict)

    @property
    def held_back(self) -> bool:
        return self.layout == HELD_BACK_LAYOUT

    def truth(self) -> dict[str, Any]:
        return {
            "type": self.type,
            "layout": self.layout,
            "font": self.font,
            "held_back": self.held_back,
            "fields": self.fields,
            "handwritten": list(self.handwritten),
        }
