"""What an office drops that is no dossier: stacks of several (`<office>/batch/<name>`), each a scan with separator
sheets between dossiers, and registers of what it received and closed (`<office>/register/<name>`).
"""

from __future__ import annotations

from dossier.drop import READY, extension
from storage.inbox.objects import BATCH, REGISTER, Drop, Turned, newest
from storage.inbox.reasons import refusal
from storage.s3_objects import Entry

KINDS = {BATCH: ("pdf", "tif", "tiff"), REGISTER: ("csv", "xlsx")}


def bulk_drop(office: str, place: str, entries: list[Entry]) -> Drop:
    """The stacks or registers of one office. Each is whole as soon as it is there: nothing is waited for."""
    current, refused, spent = newest(office, entries)
    if (mark := current.pop(READY, None)) is not None:
        spent.append(mark)
    taken = []
    for name, found in sorted(current.items()):
        if extension(name) in KINDS[place]:
            taken.append(found)
        else:
            refused.append(Turned(found, office, refusal(f"{place}-kind")))
    return Drop(
        office=office,
        dossier=place,
        objects=tuple(taken),
        refused=tuple(refused),
        spent=tuple(spent),
        manifest=None,
        manifest_error=None,
        missing=(),
        differing=(),
        last_change=max(entry.last_modified for entry in entries),
        waiting=None,
    )
