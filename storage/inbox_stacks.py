"""Stacks in the inbox: `<office>/batch/<name>`, each a scan of several dossiers with separator sheets between them."""

from __future__ import annotations

from dossier.drop import READY, extension
from storage.inbox_objects import BATCH, Drop, Turned, newest
from storage.inbox_reasons import refusal
from storage.s3_objects import Entry

KINDS = ("pdf", "tif", "tiff")


def stack_drop(office: str, entries: list[Entry]) -> Drop:
    """The stacks of one office. A stack is whole as soon as it is there: nothing is waited for."""
    current, refused, spent = newest(office, entries)
    if (mark := current.pop(READY, None)) is not None:
        spent.append(mark)
    stacks = []
    for name, found in sorted(current.items()):
        if extension(name) in KINDS:
            stacks.append(found)
        else:
            refused.append(Turned(found, office, refusal("batch-kind")))
    return Drop(
        office=office,
        dossier=BATCH,
        objects=tuple(stacks),
        refused=tuple(refused),
        spent=tuple(spent),
        manifest=None,
        manifest_error=None,
        missing=(),
        differing=(),
        last_change=max(entry.last_modified for entry in entries),
        waiting=None,
    )
