"""Paper to PDF by WeasyPrint, PDF to pixels by pdfium."""

from __future__ import annotations

import io
import math
from functools import cache
from pathlib import Path

import numpy as np
import pypdfium2
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from numpy.typing import NDArray
from weasyprint import HTML

from samples.paper import FONTS, Paper

Image = NDArray[np.uint8]
"""RGB, height x width x 3."""

_LEVEL = 0.05  # radians; letters of a seal run round it, print stands upright
_GAP = 0.9  # heights of a letter; no space within justified text is so wide
_SOFT_BREAKS = str.maketrans({"\x02": "-", "\ufffe": "-"})  # how pdfium tells a hyphen at a line's end

_FONT_ROOT = Path("/usr/share/fonts/truetype")  # where Debian's font packages put their files
# Wide families are set smaller, as people do to keep a form on its page.
_WIDTH = {"Noto Serif": 0.9, "DejaVu Serif Condensed": 0.9}
_STYLES = (("normal", "normal"), ("bold", "normal"), ("normal", "italic"), ("bold", "italic"))


@cache
def _environment() -> Environment:
    env = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters["svg"] = Markup
    return env


def font_face(family: str) -> str:
    """CSS that binds `family` to its files by path: two releases of one family may lie on the machine."""
    pattern, suffixes = FONTS[family]
    rules = []
    for suffix, (weight, style) in zip(suffixes.split(), _STYLES, strict=True):
        path = _FONT_ROOT / pattern.format(suffix.removeprefix("_"))
        if not path.exists():
            raise FileNotFoundError(
                f"font file {path.name} is missing: install the Debian font packages of the README"
            )
        rules.append(
            f'@font-face{{font-family:"S {family}";src:url("{path.as_uri()}");font-weight:{weight};font-style:{style}}}'
        )
    return "".join(rules)


def to_html(paper: Paper) -> str:
    template = _environment().get_template(f"{paper.type}/{paper.layout}.html.j2")
    css = font_face(paper.font) + (font_face("Liberation Sans") if paper.font != "Liberation Sans" else "")
    mono = (_FONT_ROOT / "liberation2/LiberationMono-Bold.ttf").as_uri()
    css += f'@font-face{{font-family:"S Mono";src:url("{mono}")}}'
    k = _WIDTH.get(paper.font, 1.0)
    return template.render(
        **paper.context, k=k, font=f"S {paper.font}", font_css=Markup(css), layout=paper.layout
    )


def to_pdf(paper: Paper) -> bytes:
    """A born-digital PDF with its text layer."""
    pdf = HTML(string=to_html(paper)).write_pdf(pdf_identifier=b"sample")
    assert isinstance(pdf, bytes)
    return pdf


def to_images(pdf: bytes, dpi: int) -> list[Image]:
    """Every page in RGB at `dpi`."""
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    try:
        return [
            np.ascontiguousarray(
                np.asarray(page.render(scale=dpi / 72).to_pil().convert("RGB"), dtype=np.uint8)
            )
            for page in document
        ]
    finally:
        document.close()


def to_lines(pdf: bytes) -> list[str]:
    """The upright lines of a born-digital PDF's text layer, all pages, in its own order: the truth of running text.

    A line ends where a wide gap does, between columns or where a pen wrote. Seals, whose letters turn, are left out.
    """
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    try:
        return [line for page in document for line in _upright_lines(page.get_textpage())]
    finally:
        document.close()


def _upright_lines(layer: pypdfium2.PdfTextPage) -> list[str]:
    lines = [""]
    right: float | None = None  # end of the last printed letter of this line
    for index in range(layer.count_chars()):
        letter = chr(pypdfium2.raw.FPDFText_GetUnicode(layer, index)).translate(_SOFT_BREAKS)
        angle = pypdfium2.raw.FPDFText_GetCharAngle(layer, index)
        if letter in "\r\n" or min(angle, 2 * math.pi - angle) > _LEVEL:
            lines.append("")
            right = None
            continue
        if not letter.isspace():
            x0, y0, x1, y1 = layer.get_charbox(index, loose=True)
            if right is not None and x0 - right > _GAP * (y1 - y0):
                lines.append("")
            right = x1
        lines[-1] += letter
    return [" ".join(line.split()) for line in lines if line.strip()]
