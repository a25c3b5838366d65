"""Whose label a printed text is: the fields that share it are told apart by the part of the form it stands in."""

from __future__ import annotations

from dossier.catalogue.documents import DocumentType
from ocr.labeltable import Label
from ocr.labelwindows import Window
from ocr.letters import letters
from ocr.rows import Row


def in_part(document: DocumentType, name: str, part: str) -> bool:
    """Whether a field may stand in this part of the form."""
    return bool(document.fields[name].options.get("section", part) == part)


def owners_of(document: DocumentType, label: Label, part: str, seen: set[tuple[str, str]]) -> tuple[str, ...]:
    """The fields of this part that carry the label. Seen twice, it is that of the next part's first field."""
    here = tuple(name for name in label.fields if in_part(document, name, part))
    if here and not all((name, label.key) in seen for name in here):
        return here
    options = {name: document.fields[name].options for name in label.fields}
    opening = [name for name in label.fields if options[name].get("opens") and (name, label.key) not in seen]
    if opening:
        return (opening[0],)
    if here:
        # A second `Dân tộc` in one part means that the opener of another part was not read: whose it is, is unknown.
        return here if len(here) == len(label.fields) else ()
    if label.telling and not any((name, label.key) in seen for name in label.fields):
        return tuple(label.fields)
    # Some boxes (the paper's number) are printed outside of every part.
    return tuple(name for name in label.fields if options[name].get("outside"))


def opened_by(document: DocumentType, name: str, label: Label, part: str) -> str | None:
    """The part that a field's label opens: its own, if it says so, or if only this part has such a label."""
    options = document.fields[name].options
    own: str | None = options.get("section")
    if own is None or not (options.get("opens") or (label.telling and own != part)):
        return None
    return own


def others_opened(
    document: DocumentType,
    owners: tuple[str, ...],
    before: Window | None,
    window: Window,
    page_rows: tuple[Row, ...],
) -> str | None:
    """The part that a further name opens, where a field names its `others`: what follows is not the first person's.

    before: the last label of these fields in this part. Labels with nothing between them name one person
    (`Tên người sử dụng đất: Ông …`).
    """
    part = next((own for name in owners if (own := document.fields[name].options.get("others"))), None)
    return part if part and before is not None and _parted(before, window, page_rows) else None


def _parted(before: Window, window: Window, page_rows: tuple[Row, ...]) -> bool:
    """Whether anything is printed between two labels."""
    if before.row == window.row:
        return any(letters(word.text) for word in page_rows[before.row].words[before.last + 1 : window.first])
    rest = page_rows[before.row].words[before.last + 1 :] + page_rows[window.row].words[: window.first]
    between = [word for row in page_rows[before.row + 1 : window.row] for word in row.words]
    return any(letters(word.text) for word in [*rest, *between])
