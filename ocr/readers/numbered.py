"""The reader `numbered`: the number of a paper, under its letterhead as Decree 30/2020 has it, or by a label."""

from __future__ import annotations

import re
from dataclasses import replace

from dossier.catalogue.documents import FieldSpec
from dossier.kinds import kind
from ocr.readers.base import Candidate, View, reader
from ocr.readers.label import read_label
from ocr.readers.numbering import paper_number

_NOTATED = re.compile(r"/\s*(?:\d{4}\s*/\s*)?[A-ZĐ]{2}")


@reader("numbered")
def read_number(view: View, name: str, spec: FieldSpec) -> list[Candidate]:
    """`15/TLKT-BS` under the issuer, whose figures a pen may have filled in; else what stands by the first label.

    A paper may name other numbers further down (of a register, of a notice): where its own cannot be read, no other
    takes its place.
    """
    wanted = kind(spec.kind)
    seen = [replace(one, value=wanted.parse(one.value or "")) for one in paper_number(view, name, spec)]
    if any(one.value for one in seen) or any(_NOTATED.search(one.printed) for one in seen):
        return seen
    return read_label(view, name, spec)
