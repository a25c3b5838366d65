"""Pieces bound into one PDF/A-2b: output intent, metadata, one font; written whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from storage.pdfa.font import add_font
from storage.pdfa.icc import srgb
from storage.pdfa.model import Facts
from storage.pdfa.text import FONT
from storage.pdfa.xmp import LANGUAGE, held, stamp, xmp_packet


def bind(pieces: Sequence[Path], facts: Facts, to: Path) -> None:
    """Write the sealed copy. The same pieces and facts give the same bytes. Streams are read as they are written."""
    temporary = to.with_name(to.name + ".part")
    with pikepdf.new() as pdf, ExitStack() as opened:
        font = add_font(pdf)
        for piece in pieces:
            pdf.pages.extend(opened.enter_context(pikepdf.open(piece)).pages)
        for page in pdf.pages:
            page.obj.Resources.Font = Dictionary({FONT: font})
        _describe(pdf, facts)
        pdf.save(
            temporary,
            deterministic_id=True,
            fix_metadata_version=False,  # it would write the metadata anew
            force_version="1.7",
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
    temporary.replace(to)


def _describe(pdf: pikepdf.Pdf, facts: Facts) -> None:
    metadata = pdf.make_stream(xmp_packet(facts), Dictionary(Type=Name.Metadata, Subtype=Name.XML))
    profile = pdf.make_stream(srgb(), Dictionary(N=3))
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier=String("sRGB"),
        Info=String("sRGB IEC61966-2.1"),
        DestOutputProfile=profile,
    )
    pdf.Root.Metadata = metadata
    pdf.Root.OutputIntents = Array([pdf.make_indirect(intent)])
    pdf.Root.Lang = String(LANGUAGE)
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    moment = String("D:" + facts.made.strftime("%Y%m%d%H%M%S") + _zone(facts))
    pdf.docinfo["/Title"] = String(held(facts.title))
    if subject := held(facts.elements.get("Subject", "")):
        pdf.docinfo["/Subject"] = String(subject)
    pdf.docinfo["/Creator"] = pdf.docinfo["/Producer"] = String(held(facts.program))
    pdf.docinfo["/CreationDate"] = pdf.docinfo["/ModDate"] = moment


def _zone(facts: Facts) -> str:
    """`+07'00'`, as PDF writes the zone of a time."""
    zone = stamp(facts)[-6:]
    return f"{zone[:3]}'{zone[4:]}'"
