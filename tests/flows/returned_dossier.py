"""A birth dossier of invented people as an intake would publish it, returned for what was not read surely."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from pathlib import Path

from paper_builder import CHILD_ID, card, certificate, change_field, form, notice, witnesses

from dossier.drop import Manifest
from dossier.record import Component, Record
from dossier.settings import Settings
from flows import keeping
from flows.dossier_input import DossierInput, InputFile
from flows.pipeline import DossierReading, judge
from flows.shelves import Shelves
from storage.index.index import Index
from storage.records import Records
from storage.s3 import Store
from validators.sources import Sources

OFFICE = "H13.96.31"
RECEIVED = datetime(2026, 11, 20, 2, tzinfo=UTC)
SURE = (form, notice, card, certificate)
NUMBERS = itertools.count(1)


def new_code() -> str:
    return f"H13.96.31-261120-{next(NUMBERS):04}"


def shelves_of(store: Store, settings: Settings, folder: Path) -> Shelves:
    """Store and an index of its own: other tests' dossiers say nothing of this one."""
    index = Index(f"sqlite:///{folder / 'index.sqlite'}", b"key")
    return Shelves(settings=settings, store=store, records=Records(store), index=index, sources=Sources())


def papers(**of: Component) -> tuple[Component, ...]:
    """The four good papers as c1 … c4, some of them in another form: papers(notice=…)."""
    made = [of.get(make.__name__, make()) for make in SURE]
    return tuple(one.model_copy(update={"id": f"c{n}"}) for n, one in enumerate(made, 1))


def unsure_identifier() -> Component:
    """The birth certificate: the child's number was read by one reader alone."""
    return change_field(certificate(), "personal_id", witnesses=witnesses(CHILD_ID, "tesseract"))


def unsure_name() -> Component:
    """The birth notice: the child's name was read as something between two names."""
    return change_field(notice(), "full_name", "Lê Minh Khỏi", confidence=0.4)


def dossier_of(code: str, components: tuple[Component, ...]) -> DossierInput:
    files = {s.file: InputFile(s.file, s.sha256, Path(s.file)) for c in components for s in c.sources}
    return DossierInput(
        code=code,
        office=OFFICE,
        manifest=Manifest(dossier=code, office=OFFICE, procedure="1.001193", received_at=RECEIVED),
        files=tuple(files.values()),
        received_at=RECEIVED,
        procedure_required=True,
    )


def published(shelves: Shelves, code: str, components: tuple[Component, ...], version: int = 1) -> Record:
    """What an intake does once the papers are read: judge, publish, index."""
    reading = DossierReading(components=components, refused=())
    decisions = shelves.records.latest(OFFICE, code)
    record = judge(
        dossier_of(code, components),
        reading,
        version=version,
        decisions=decisions.decisions if decisions else (),
        earlier=shelves.index,
        engines={"tesserocr": "5"},
        started_at=RECEIVED,
    )
    kept = keeping.publish(shelves.records, record, reading)
    shelves.index.upsert(kept)
    return kept
