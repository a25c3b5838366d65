"""The reader `numbered`: the number of a paper, under its letterhead as Decree 30/2020 has it, or by a label."""

from __future__ import annotations

from dataclasses import replace

from dossier.catalogue.documents import FieldSpec
from dossier.kinds import kind
from ocr.readers.base import Candidate, View, reader
from ocr.readers.label import read_label
from ocr.readers.numbering import paper_number


@reader("numbered")
def read_number(view: View, name: str, spec: FieldSpec) -> list[Candidate]:
    """`15/TLKT-BS` under the issuer, whose figures a pen may have filled in; else whatever stands by the label."""
    wanted = kind(spec.kind)
    found = [one for one in paper_number(view, name, spec) if one.value and wanted.parse(one.value)]
    return [replace(one, value=wanted.parse(one.value or "")) for one in found] or read_label(
        view, name, spec
    )
