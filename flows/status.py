"""What the intake says of itself, for `sohoa status` and for the supervisor. Derived: it may be lost."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field, ValidationError

from dossier.model import Frozen
from storage.buckets import WORK
from storage.s3 import Store

KEY = "intake/status.json"


class Waiting(Frozen):
    """A drop that is not taken yet. why: English, without personal data. until: when it is tried again, if known."""

    office: str
    code: str
    why: str
    since: datetime
    failures: int = 0
    until: datetime | None = None


class Ended(Frozen):
    """A dossier that this intake brought to an end. state: checked, returned, refused, unchanged or failed."""

    office: str
    code: str
    state: str
    at: datetime
    seconds: float


class IntakeStatus(Frozen):
    """One intake run, as of `at`. ended: the latest ones, newest first; counts: all of this run by state."""

    run: str
    at: datetime
    waiting: tuple[Waiting, ...] = ()
    running: tuple[str, ...] = ()
    ended: tuple[Ended, ...] = ()
    counts: dict[str, int] = Field(default_factory=dict)

    @property
    def idle(self) -> bool:
        """Nothing runs and nothing will run soon: the inbox is empty, or what is in it keeps failing."""
        return not self.running and all(drop.failures for drop in self.waiting)


def write_status(store: Store, status: IntakeStatus) -> None:
    store.put(WORK, KEY, status.model_dump_json().encode(), "application/json")


def read_status(store: Store) -> IntakeStatus | None:
    """The last status an intake wrote, None if none did or it is of another program version."""
    found = store.get(WORK, KEY)
    if found is None:
        return None
    try:
        return IntakeStatus.model_validate_json(found.data)
    except ValidationError:
        return None
